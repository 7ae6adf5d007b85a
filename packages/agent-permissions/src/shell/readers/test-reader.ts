import type { ShellWord } from "../shell-script.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** `test`: compares texts, and asks about files without opening them. */
export function testReader(words: readonly ShellWord[]): Reading {
  const odd = words.find((word) => word.literal === undefined && word.number !== true);
  if (odd !== undefined && !isClearForm(words)) return unproven(`what \`${odd.text}\` becomes is not known`);
  const evaluated = words.find(({ literal }) => literal !== undefined && /^-[vR]$|[[$`]/.test(literal));
  return evaluated === undefined ? reads([]) : unproven(`\`${evaluated.text}\` may be evaluated`);
}

/** `[ ... ]`. */
export function bracketReader(words: readonly ShellWord[]): Reading {
  return words.at(-1)?.literal === "]" ? testReader(words.slice(0, -1)) : unproven("it is not closed");
}

/** A form in which the place of a word says what it is, whatever its value: `-n "$X"`, `"$A" = b`. */
function isClearForm(words: readonly ShellWord[]): boolean {
  const [first, ...rest] = words;
  if (first?.literal === "!" && rest.length > 1) return isClearForm(rest);
  if (!words.every(isOneText)) return false;
  if (words.length === 1) return true;
  if (words.length === 2) return /^-[a-uw-zA-QS-Z]$/.test(first?.literal ?? "");
  return words.length === 3 && /^(=|==|!=|<|>|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(rest[0]?.literal ?? "");
}

function isOneText(word: ShellWord): boolean {
  const isText = word.number === true || word.output === true || word.variables !== undefined;
  return word.literal !== undefined || (isText && word.single === true);
}
