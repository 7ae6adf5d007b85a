import type { ShellWord } from "../shell-script.ts";
import { type Reading, reads, unproven } from "./reading.ts";

/** `set -euo pipefail`: makes the shell stop or tell more, and changes nothing about what its commands mean. */
export function setReader(words: readonly ShellWord[]): Reading {
  const isHarmless =
    words.length > 0 &&
    words.every(({ literal = "" }, i) => {
      const isName = /^[-+][eux]*o$/.test(words[i - 1]?.literal ?? "");
      return isName ? harmlessOptions.has(literal) : /^[-+][eux]*o?$/.test(literal) && literal.length > 1;
    });
  return isHarmless ? reads([]) : unproven("it changes how the shell reads what follows");
}

const harmlessOptions: ReadonlySet<string> = new Set(["pipefail", "errexit", "nounset", "xtrace"]);

/** `read -r line`: fills variables that mean nothing to the shell or to a program. */
export function readReader(words: readonly ShellWord[]): Reading {
  const names = words.filter(({ literal }) => literal !== "-r");
  const odd = names.find(({ literal }) => literal === undefined || !isPlainVariable(literal));
  return odd === undefined ? reads([]) : unproven(`nothing is known about \`${odd.text}\``);
}

/**
 * Whether a variable means nothing to the shell and to programs: the ones that do have capital letters, but for
 * those that name a proxy.
 */
export function isPlainVariable(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !/_proxy$|^(histchars|auto_resume|_)$/.test(name);
}

/** A builtin that may change what follows, in a form that does not. */
export function isHarmlessSetting(words: readonly ShellWord[]): boolean {
  const [head, ...rest] = words;
  const read = head?.literal === "set" ? setReader : head?.literal === "read" ? readReader : undefined;
  return read?.(rest).type === "reads";
}
