import type { ShellWord } from "../shell-script.ts";
import { awkHazard } from "./awk-hazard.ts";
import { flagTable, readFlags } from "./read-flags.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** Behind the program there are only files. */
const table = flagTable({ values: "-F -v --field-separator --assign", inOrder: true });

/** `awk '{print $1}' file`: a program that prints, and neither writes a file nor runs or opens anything. */
export function awkReader(words: readonly ShellWord[]): Reading {
  const parsed = readFlags(words, table);
  if (typeof parsed === "string") return unproven(parsed);
  const [program, ...files] = parsed.operands;
  if (program?.literal === undefined) return unproven("its program is not known");
  const hazard = awkHazard(program.literal);
  if (hazard !== undefined) return unproven(hazard);
  const odd = files.find(({ literal, glob }) => literal === undefined && glob === undefined);
  if (odd !== undefined) return unproven(`what \`${odd.text}\` becomes is not known`);
  return reads(files.filter(({ literal }) => literal !== "-"));
}
