import type { ShellWord } from "../shell-script.ts";
import { flagTable, namesIn, type ParsedFlags, readFlags } from "./read-flags.ts";
import type { ReadOnlyCommand } from "./read-only-command.ts";
import type { Reader } from "./reader.ts";
import { reads, unproven } from "./reading.ts";

/** Reads the arguments of a program, or of a subcommand, as its entry in the table says. */
export function tableReader(entry: ReadOnlyCommand): Reader {
  const table = flagTable(entry);
  const needs = namesIn(entry.needs);
  const listing = namesIn(entry.listing);
  const recursiveFlags = namesIn(entry.recursive);
  const patternFlags = namesIn(entry.patternFlags);
  const isPatternFirst = entry.operands === "pattern" || patternFlags.length > 0;
  const fits = entry.operand === undefined ? undefined : new RegExp(entry.operand, "s");
  return (words) => {
    const parsed = readFlags(words, table);
    if (typeof parsed === "string") return unproven(parsed);
    const { given, files, operands } = parsed;
    const has = (names: readonly string[]): boolean => names.some((name) => given.has(name));
    const hasPattern = isPatternFirst && operands.length > 0 && !has(patternFlags);
    const refusal = refusedForm(entry, parsed, has, needs, listing) ?? refusedWord(entry, operands);
    if (refusal !== undefined) return unproven(refusal);
    const checked = fits === undefined ? [] : hasPattern ? operands.slice(0, 1) : operands;
    const odd = checked.find((word) => word.number !== true && fits?.test(word.literal ?? "") !== true);
    if (odd !== undefined) return unproven(`nothing is known about \`${odd.text}\``);
    if (hasPattern && operands[0]?.literal === undefined) return unproven("its pattern is not clear");
    const paths = openedOperands(entry, hasPattern ? operands.slice(1) : operands);
    const late = entry.operands === "paths" || entry.operands === "pattern" ? parsed.late : [];
    const recursive = recursiveFlags.includes("always") || has(recursiveFlags);
    return reads([...files, ...paths, ...late], {
      namesOnly: entry.namesOnly === true,
      folder: entry.operands === "revisions" || (paths.length === 0 && (entry.folder === true || recursive)),
      recursive,
      filesOnly: entry.filesOnly === true && !recursive,
      followsLinks: entry.filesOnly === true && recursive && !given.has("--no-dereference"),
    });
  };
}

function refusedForm(
  entry: ReadOnlyCommand,
  { operands }: ParsedFlags,
  has: (names: readonly string[]) => boolean,
  needs: readonly string[],
  listing: readonly string[],
): string | undefined {
  if (needs.length > 0 && !has(needs)) return `without ${needs.join(" or ")} it does more than read`;
  if (listing.length > 0 && operands.length > 0 && !has(listing)) {
    return `without ${listing.join(" or ")} its operands name something to make`;
  }
  const most = entry.operands === undefined ? 0 : (entry.most ?? Number.POSITIVE_INFINITY);
  if (operands.length > most) return "it has more operands than a reader has";
  return operands.length < (entry.least ?? 0) ? "without operands it tells more than is known" : undefined;
}

function refusedWord(entry: ReadOnlyCommand, operands: readonly ShellWord[]): string | undefined {
  for (const word of operands) {
    const isKnown =
      word.literal !== undefined || (entry.operands === "text" ? word.number : word.stream) === true;
    if (isKnown) continue;
    if (word.glob === undefined || entry.operands === "revisions") {
      return `what \`${word.text}\` becomes is not known`;
    }
    if (entry.most !== undefined) return "a wildcard may become several operands";
  }
  return undefined;
}

/** What the operands make the program open; a wildcard makes the shell look into a folder, whatever the program does. */
function openedOperands(entry: ReadOnlyCommand, operands: readonly ShellWord[]): readonly ShellWord[] {
  if (entry.operands === "text") return operands.filter(({ glob }) => glob !== undefined);
  if (entry.operands === "revisions") return operands.flatMap(withNamedFile);
  return operands.filter(({ literal, stream }) => literal !== "-" && stream !== true);
}

/** A revision may name a file (`HEAD:.env`, `:0:.env`), and a path outside makes `git diff` compare any two files. */
function withNamedFile(word: ShellWord): readonly ShellWord[] {
  const isStage = /^:[0-3]:/.test(word.literal ?? "");
  const colon = word.literal?.indexOf(":", isStage ? 1 : 0) ?? -1;
  const path = word.literal?.slice(colon + 1) ?? "";
  return colon < 0 || path === "" ? [word] : [word, { text: word.text, literal: path }];
}
