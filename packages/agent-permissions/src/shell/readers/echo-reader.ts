import { setsByPrinting } from "../sets-by-printing.ts";
import type { ShellWord } from "../shell-script.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** Anything that is no flag of `echo` is text to it; what a variable or a command gives may be shown again. */
export function echoReader(words: readonly ShellWord[]): Reading {
  return printed(words);
}

export function printfReader(words: readonly ShellWord[]): Reading {
  const [format, ...values] = words[0]?.literal === "--" ? words.slice(1) : words;
  if (format?.literal === undefined) return unproven("its format is not known");
  if (words[0] === format && format.literal.startsWith("-")) {
    return unproven(`nothing is known about \`${format.literal}\``);
  }
  if (setsByPrinting(words)) return unproven("its format sets a variable");
  return printed(values);
}

/** With names it tells the value of each; without any it would tell all of them. */
export function printenvReader(words: readonly ShellWord[]): Reading {
  const names = words.map(({ literal }) => literal);
  const secret = names.find((name) => name === undefined || !/^\w+$/.test(name) || mayBeSecret(name));
  if (names.length === 0 || names.includes(secret)) return unproven("it may tell a secret");
  return reads([]);
}

function printed(words: readonly ShellWord[]): Reading {
  const looked: ShellWord[] = [];
  for (const word of words) {
    const secret = word.variables?.find(mayBeSecret);
    if (secret !== undefined) return unproven(`${secret} may hold a secret`);
    if (word.glob !== undefined) looked.push(word);
    const isShown =
      word.literal !== undefined ||
      word.glob !== undefined ||
      word.number === true ||
      word.output === true ||
      word.variables !== undefined;
    if (!isShown) return unproven(`what \`${word.text}\` becomes is not known`);
  }
  return reads(looked);
}

function mayBeSecret(name: string): boolean {
  return /token|secret|passw|passphrase|credential|cookie|auth|private|(^|_)(key|pass|pwd|pat|dsn)s?($|_)|apikey/i.test(
    name.replace(/^(OLD)?PWD$/, ""),
  );
}
