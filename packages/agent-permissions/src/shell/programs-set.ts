import type { ShellAssignment, ShellWord } from "./shell-script.ts";

/** The command lines in variables that others run: `GIT_PAGER='less -R' git log`, `env EDITOR=vi crontab -e`. */
export function programsSet(
  words: readonly ShellWord[],
  assignments: readonly ShellAssignment[],
): readonly string[] {
  const set = [
    ...assignments,
    ...words.flatMap(({ literal }) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(literal ?? "") ?? [];
      return name === undefined ? [] : [{ name, value }];
    }),
  ];
  return set.flatMap(({ name, value = "" }) => (runLater.test(name) ? [value.replace(/^\|+-?/, "")] : []));
}

const runLater =
  /^(GIT_(EDITOR|SEQUENCE_EDITOR|SSH|SSH_COMMAND|PAGER|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND)|SSH_ASKPASS|SUDO_(EDITOR|ASKPASS)|EDITOR|VISUAL|PAGER|MANPAGER|BROWSER|PROMPT_COMMAND|LESSOPEN|LESSCLOSE|CC|CXX|LD|RUSTC|RUSTC_WRAPPER)$/;
