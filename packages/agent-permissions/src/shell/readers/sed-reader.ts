import type { ShellWord } from "../shell-script.ts";
import { flagTable, readFlags } from "./read-flags.ts";
import { type Reading, reads, unproven } from "./reading.ts";

const table = flagTable({ flags: "-n -E -r -s --quiet --silent --regexp-extended --separate --posix" });

/** `sed -n '10,20p' file`: printing lines by number. Any other script may write, or run what it reads. */
export function sedReader(words: readonly ShellWord[]): Reading {
  const parsed = readFlags(words, table);
  if (typeof parsed === "string") return unproven(parsed);
  const [script, ...files] = parsed.operands;
  const line = "(\\d+|\\$)";
  const known = new RegExp(`^(${line}(,${line})?[pdq];?\\s*)+$`);
  if (!known.test(script?.literal ?? "")) return unproven("a sed script can write files and run programs");
  if (files.some((file) => file.literal === undefined && file.glob === undefined)) {
    return unproven("which files it reads is not known");
  }
  return reads(files.filter(({ literal }) => literal !== "-"));
}
