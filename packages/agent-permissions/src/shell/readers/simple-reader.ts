import type { ShellWord } from "../shell-script.ts";
import { type FlagLists, flagTable, readFlags } from "./read-flags.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** What a program makes of its operands. */
export type OperandKind =
  /** Files that it opens. */
  | "paths"
  /** Text that it prints or compares, never opens. */
  | "text"
  /** A pattern first, unless a flag gave one; then files. */
  | "pattern"
  | "none";

export interface ReaderOptions extends FlagLists {
  /** No more operands than these: a further one would be written to. */
  readonly most?: number;
  /** Works on the folder it runs in when no path is given. */
  readonly folder?: boolean;
  /** Flags that make it go through folders; `always` when it does so anyway. */
  readonly recursive?: string;
  readonly filesOnly?: boolean;
  /** Every operand must look like this. */
  readonly operand?: RegExp;
  /** Flags that give the pattern, instead of the first operand. */
  readonly patternFlags?: string;
}

/** Reads the arguments of one program, its name left out. */
export type Reader = (words: readonly ShellWord[]) => Reading;

/** A program that only reads, as long as it gets no other flags than these. */
export function reader(kind: OperandKind, options: ReaderOptions = {}): Reader {
  const table = flagTable(options);
  const recursiveFlags = (options.recursive ?? "").split(" ");
  const patternFlags = (options.patternFlags ?? "").split(" ");
  return (words) => {
    const parsed = readFlags(words, table);
    if (typeof parsed === "string") return unproven(parsed);
    const { given, files, operands } = parsed;
    const refusal = refusedOperand(operands, kind, options);
    if (refusal !== undefined) return unproven(refusal);
    const isPattern = kind === "pattern" && !patternFlags.some((flag) => given.has(flag));
    if (isPattern && operands[0]?.literal === undefined) return unproven("its pattern is not clear");
    const opened = kind === "text" ? operands.filter(({ glob }) => glob !== undefined) : operands;
    const paths = isPattern ? opened.slice(1) : opened;
    const recursive =
      recursiveFlags.includes("always") || recursiveFlags.some((flag) => flag !== "" && given.has(flag));
    return reads([...files, ...paths.filter(({ literal }) => literal !== "-")], {
      folder: paths.length === 0 && (options.folder === true || recursive),
      recursive,
      filesOnly: options.filesOnly === true,
    });
  };
}

function refusedOperand(
  operands: readonly ShellWord[],
  kind: OperandKind,
  options: ReaderOptions,
): string | undefined {
  if (operands.length > (kind === "none" ? 0 : (options.most ?? Number.POSITIVE_INFINITY))) {
    return "it has more operands than a reader has";
  }
  for (const word of operands) {
    const readable = word.literal !== undefined || (kind === "text" && word.number === true);
    if (!readable && word.glob === undefined) return `what \`${word.text}\` becomes is not known`;
    if (word.glob !== undefined && options.most !== undefined)
      return "a wildcard may become several operands";
    if (options.operand !== undefined && !options.operand.test(word.literal ?? "")) {
      return `nothing is known about \`${word.text}\``;
    }
  }
  return undefined;
}
