import { programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/** What git is told to do behind its global flags; the words stay as they are where there are none, or it is not git. */
export function gitCommand(words: readonly ShellWord[]): readonly ShellWord[] {
  if (programName(words[0]) !== "git") return words;
  let at = 1;
  for (let flag = words[at]?.literal; flag?.startsWith("-") === true; flag = words[at]?.literal) {
    at += withValue.has(flag) ? 2 : 1;
  }
  return [...words.slice(0, 1), ...words.slice(at)];
}

const withValue: ReadonlySet<string> = new Set(
  "-C -c --git-dir --work-tree --namespace --exec-path --config-env --super-prefix --attr-source".split(" "),
);
