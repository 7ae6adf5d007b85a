import { programName } from "./command-layers.ts";
import type { ShellWord } from "./shell-script.ts";

/** The command lines inside the arguments of a call: `sh -c '...'`, `eval ...`. */
export interface InnerScripts {
  readonly known: readonly string[];
  /** It also runs commands that cannot be read here. */
  readonly unknown: boolean;
}

/** Finds the scripts that a call hands to a shell. */
export function innerScripts(words: readonly ShellWord[]): InnerScripts {
  const name = programName(words[0]);
  const rest = words.slice(1);
  if (name === undefined) return { known: [], unknown: true };
  if (shells.has(name)) return shellScripts(rest);
  switch (name) {
    case "eval":
    case "watch":
      return joined(rest);
    case "trap":
      return rest[0] === undefined ? none : joined(rest.slice(0, 1));
    case "su":
    case "runuser":
    case "script":
    case "flock":
      return afterFlag(rest, /^(-\w*c|--command)$/);
    case "env":
      return rest.some(({ literal }) => literal === undefined || /^(-\w*S|--split-string)/.test(literal))
        ? { known: [], unknown: true }
        : none;
    case "git":
      return aliases(rest);
    default:
      return none;
  }
}

const none: InnerScripts = { known: [], unknown: false };

const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish"]);

function shellScripts(words: readonly ShellWord[]): InnerScripts {
  let isScript = false;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]?.literal;
    if (word === undefined) return { known: [], unknown: true };
    if (word === "--" || word === "-" || !/^[-+]/.test(word)) {
      const first = word === "--" || word === "-" ? words[i + 1] : words[i];
      if (isScript && first !== undefined) return joined([first]);
      // A file of commands is a program like any other; commands from its input are not.
      return first === undefined ? { known: [], unknown: true } : none;
    }
    if (/^-[a-z]*c/i.test(word)) isScript = true;
    if (/^([-+][a-z]*[oO]|--(rcfile|init-file))$/.test(word)) i += 1;
  }
  return {
    known: [],
    unknown: !words.some(({ literal }) => literal === "--version" || literal === "--help"),
  };
}

function joined(words: readonly ShellWord[]): InnerScripts {
  const literals = words.map(({ literal }) => literal);
  return literals.every((literal) => literal !== undefined)
    ? { known: [literals.join(" ")], unknown: false }
    : { known: [], unknown: true };
}

function afterFlag(words: readonly ShellWord[], flag: RegExp): InnerScripts {
  const at = words.findIndex(({ literal }) => flag.test(literal ?? ""));
  const script = words[at + 1];
  return at < 0 || script === undefined ? none : joined([script]);
}

/** `git -c alias.x='!command' x` runs a command. */
function aliases(words: readonly ShellWord[]): InnerScripts {
  const known = words.flatMap(({ literal }) => /^(?:-c)?alias\.[^=]*=!(.*)$/s.exec(literal ?? "")?.[1] ?? []);
  return { known, unknown: false };
}
