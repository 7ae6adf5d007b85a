import { gitSetting } from "./git-scripts.ts";
import type { ShellAssignment, ShellWord } from "./shell-script.ts";

/** The command lines in variables that others run: `GIT_PAGER='less -R' git log`, `env EDITOR=vi crontab -e`. */
export function programsSet(
  words: readonly ShellWord[],
  assignments: readonly ShellAssignment[],
): readonly string[] {
  const set = [
    ...assignments,
    ...words.flatMap(({ literal }) => {
      const [, name, value] = /^([A-Z_]+\d*)=(.*)$/s.exec(literal ?? "") ?? [];
      return name === undefined ? [] : [{ name, value }];
    }),
  ];
  return set.flatMap(({ name, value = "" }) => {
    if (name === "GIT_CONFIG_PARAMETERS") return value.split("'").flatMap(gitSetting);
    return runLater.test(name) ? [value.replace(/^(\|+-?|!)/, "")] : [];
  });
}

const runLater =
  /^(GIT_(EDITOR|SEQUENCE_EDITOR|SSH|SSH_COMMAND|PAGER|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND)|SSH_ASKPASS|SUDO_(EDITOR|ASKPASS)|EDITOR|VISUAL|PAGER|MANPAGER|BROWSER|PROMPT_COMMAND|LESSOPEN|LESSCLOSE|CC|CXX|LD|RUSTC|RUSTC_WRAPPER|SHELL|GIT_CONFIG_VALUE_\d+)$/;
