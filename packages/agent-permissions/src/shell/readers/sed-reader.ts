import type { ShellWord } from "../shell-script.ts";
import { flagTable, readFlags } from "./read-flags.ts";
import { type Reading, reads, unproven } from "./reading.ts";
import { sedHazard } from "./sed-hazard.ts";

/** The "files" of this table are the scripts that flags give. */
const table = flagTable({
  flags: "-n -E -r -s -u -z --quiet --silent --regexp-extended --separate --unbuffered --posix",
  files: "-e --expression",
});

/** `sed -n '10,20p' file`, `sed 's/a/b/' file`: printing lines, changed or not. Other scripts may write files or run what they read. */
export function sedReader(words: readonly ShellWord[]): Reading {
  const parsed = readFlags(words, table);
  if (typeof parsed === "string") return unproven(parsed);
  // To a sed that looks for flags at the beginning only, the first operand is the script.
  if (parsed.late.some(({ literal }) => /^-(\w*e|-e)/.test(literal ?? "")))
    return unproven("its script is not clear");
  const isGiven = parsed.given.has("-e") || parsed.given.has("--expression");
  const scripts = isGiven ? parsed.files : parsed.operands.slice(0, 1);
  const files = isGiven ? parsed.operands : parsed.operands.slice(1);
  if (scripts.length === 0) return unproven("its script is not known");
  for (const { literal } of scripts) {
    const hazard = literal === undefined ? "its script is not known" : sedHazard(literal);
    if (hazard !== undefined) return unproven(hazard);
  }
  if (files.some((file) => file.literal === undefined && file.glob === undefined)) {
    return unproven("which files it reads is not known");
  }
  return reads([...files.filter(({ literal }) => literal !== "-"), ...parsed.late]);
}
