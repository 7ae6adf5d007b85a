import type { ShellWord } from "../shell-script.ts";
import { type FileList, listedFiles, listReading, printers } from "./file-list.ts";
import { flagTable, readFlags } from "./read-flags.ts";
import type { Reader } from "./reader.ts";
import { type Reading, reads, unproven } from "./reading.ts";

const table = flagTable({
  flags: "-0 -r -t --null --no-run-if-empty",
  values: "-n -P -I --max-args --max-procs",
});

/** `xargs grep -l x` behind a program that lists files; behind any, where what it reads is only printed. */
export function xargsReader(
  words: readonly ShellWord[],
  files: FileList | undefined,
  known: Reader,
): Reading {
  const length = flagWords(words);
  const flags = words.slice(0, length);
  const parsed = readFlags(flags, table);
  if (typeof parsed === "string") return unproven(parsed);
  const call = words.slice(length);
  if (isPrinter(call)) return reads([]);
  if (files === undefined) return unproven("what it is given to read is not known");
  const isZero = parsed.given.has("-0") || parsed.given.has("--null");
  // Names that end otherwise than it expects come out as one, or in pieces.
  if (isZero !== files.whole) return unproven("it reads names otherwise than they are written");
  if (call.length === 0 || call[0]?.literal?.includes("{}") === true)
    return unproven("what it runs is not known");
  if (!parsed.given.has("-I")) return listReading([...call, listedFiles], files, known);
  const isBraces = flags.some(
    ({ literal }, i) => literal === "-I{}" || (literal === "-I" && flags[i + 1]?.literal === "{}"),
  );
  const placed = call.map((word) => (word.literal === "{}" ? listedFiles : word));
  const isPlain = placed.every((word) => word === listedFiles || word.literal?.includes("{}") !== true);
  return isBraces && isPlain && placed.includes(listedFiles)
    ? listReading(placed, files, known)
    : unproven("where it puts the names is not clear");
}

/** A program that takes whatever it is given for text. */
function isPrinter(call: readonly ShellWord[]): boolean {
  const isText = printers.has(call[0]?.literal ?? "");
  return isText && call.every(({ literal }) => literal !== undefined);
}

/** How many words come before the program that it runs. */
function flagWords(words: readonly ShellWord[]): number {
  let at = 0;
  while (words[at]?.literal?.startsWith("-") === true)
    at += /^(-[nPI]|--max-args|--max-procs)$/.test(words[at]?.literal ?? "") ? 2 : 1;
  return at;
}
