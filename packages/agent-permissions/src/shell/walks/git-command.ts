import type { ShellWord } from "../shell-script.ts";

/** What git is told to do behind its global flags; the words stay as they are where there are none, or it is not git. */
export function gitCommand(words: readonly ShellWord[]): readonly ShellWord[] {
  if (words[0]?.literal?.endsWith("git") !== true) return words;
  let at = 1;
  for (let flag = words[at]?.literal; flag?.startsWith("-") === true; flag = words[at]?.literal) {
    at += withValue.has(flag) ? 2 : 1;
  }
  return [...words.slice(0, 1), ...words.slice(at)];
}

const withValue: ReadonlySet<string> = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace"]);
