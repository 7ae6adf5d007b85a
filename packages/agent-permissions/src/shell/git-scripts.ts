import type { ShellWord } from "./shell-script.ts";

/** The command lines in the flags, settings and addresses of a call of git: `-c core.pager='less -R'`, `ext::sh`. */
export function gitPrograms(words: readonly ShellWord[]): readonly string[] {
  const texts = words.map(({ literal }) => literal);
  const isConfig = texts.includes("config");
  const flags = gitFlags.filter(({ command }) => command === undefined || texts.includes(command));
  return texts.flatMap((text = "", i) => {
    const next = texts[i + 1];
    const flagged = flags.flatMap(({ flag }) => {
      const attached = flag.exec(text)?.[1];
      return attached === "" ? (next ?? []) : (attached ?? []);
    });
    const setting = isConfig && next !== undefined ? gitSetting(`${text}=${next}`) : [];
    return [...flagged, ...gitSetting(text), ...setting];
  });
}

interface GitFlag {
  /** Absent: of any. */
  readonly command?: string;
  readonly flag: RegExp;
}

const gitFlags: readonly GitFlag[] = [
  { command: "grep", flag: /^(?:-O|--open-files-in-pager=)(.+)$/s },
  { command: "difftool", flag: /^(?:-x|--extcmd(?:=|$))(.*)$/s },
  { command: "filter-branch", flag: /^--[\w-]+-filter(?:=|$)(.*)$/s },
  { command: "clone", flag: /^-u(.*)$/s },
  { flag: /^--(?:upload-pack|receive-pack|exec)(?:=|$)(.*)$/s },
  // The address of a program in place of a server.
  { flag: /^ext::(.+)$/s },
];

/** The command in a setting that git runs, or takes for a command of its own. */
export function gitSetting(text: string): readonly string[] {
  const alias = /^(?:-c)?alias\.[^=]*=(!?)(.*)$/is.exec(text);
  if (alias !== null) return [alias[1] === "!" ? (alias[2] ?? "") : `git ${alias[2] ?? ""}`];
  const program = programSettings.exec(text)?.[1];
  return program === undefined ? [] : [program];
}

const programSettings =
  /^(?:-c)?(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass|gitproxy|alternaterefscommand)|sequence\.editor|pager\.\w+|diff\.external|(?:diff|filter|merge)\..*\.(?:textconv|command|clean|smudge|process|driver)|credential\.(?:.*\.)?helper|gpg\.(?:.*\.)?program|interactive\.difffilter|(?:mergetool|difftool|browser|man)\..*\.(?:cmd|path)|trailer\..*\.(?:command|cmd)|remote\..*\.(?:uploadpack|receivepack)|submodule\..*\.update|uploadpack\.packobjectshook)=!?(.*)$/is;
