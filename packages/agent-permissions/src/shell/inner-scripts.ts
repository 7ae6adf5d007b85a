import { programName } from "./command-layers.ts";
import { gitPrograms } from "./git-scripts.ts";
import { namedPrograms } from "./named-programs.ts";
import { runByScript } from "./run-by-script.ts";
import { literalWord, type ShellWord } from "./shell-script.ts";

/** The command lines inside the arguments of a call: `sh -c '...'`, `eval ...`. */
export interface InnerScripts {
  readonly known: readonly string[];
  /** It also runs commands that cannot be read here. */
  readonly unknown: boolean;
  /** What is written of those. */
  readonly partly?: readonly string[];
  /** Texts that it may run, or not. */
  readonly perhaps?: readonly string[];
}

/** Finds the scripts that a call hands to a shell; `input` is what is written for it to read. */
export function innerScripts(words: readonly ShellWord[], input?: string): InnerScripts {
  // What only assigns or redirects runs nothing.
  if (words.length === 0) return none;
  const name = programName(words[0]);
  const rest = words.slice(1);
  if (name === undefined) return { known: [], unknown: true };
  if (shells.has(name)) return shellScripts(rest, input);
  switch (name) {
    case "eval":
      return joined(withoutDashes(rest));
    case "watch":
      return joined(rest);
    case "trap":
      return trapped(rest);
    case "source":
    case ".":
      return isStream(withoutDashes(rest)[0]) ? fromInput(input) : none;
    case "su":
    case "runuser":
    case "script":
    case "flock":
    case "sg":
    case "npx":
    case "npm":
    case "pnpm":
    case "nix-shell":
      return afterFlag(rest);
    case "at":
    case "batch":
      return fromInput(input);
    case "env":
      return splitStrings(rest);
    case "git":
      return gitScripts(rest);
    case "alias":
      return {
        known: rest.flatMap(({ literal }) => /^[^=]+=(.*)$/s.exec(literal ?? "")?.[1] ?? []),
        unknown: false,
      };
    case "hash":
      return {
        known: rest.flatMap((word, i) => (word.literal === "-p" ? (rest[i + 1]?.literal ?? []) : [])),
        unknown: false,
      };
    case "let":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
    case "export":
    case "unset":
    case "read":
    case "printf":
    case "test":
    case "[":
    case "mapfile":
    case "readarray":
    case "complete":
    case "compgen":
    case "bind":
    case "wait":
    case "getopts":
      return evaluatedWords(name, rest);
    default:
      return {
        known: namedPrograms(name, rest),
        unknown: false,
        perhaps: runByScript(words, input),
      };
  }
}

/** What a builtin may read once more, and run: the texts in which a command can stand. */
function evaluatedWords(name: string, words: readonly ShellWord[]): InnerScripts {
  const isCommand = /^(mapfile|readarray|complete|compgen|bind)$/.test(name);
  const texts = words.flatMap(({ literal }) =>
    literal !== undefined && (isCommand ? / /.test(literal) : /\$\(|`/.test(literal)) ? [literal] : [],
  );
  // `printf` and `test` evaluate only behind `-v`; what they print or compare is text.
  const isText =
    (name === "printf" || name === "test" || name === "[") &&
    !words.some(({ literal }) => literal === "-v" || literal === "-R");
  return isText || texts.length === 0 ? none : { known: [], unknown: false, partly: texts };
}

const none: InnerScripts = { known: [], unknown: false };

const shells: ReadonlySet<string> = new Set(
  "sh bash rbash dash zsh ksh mksh oksh ash yash posh fish csh tcsh pwsh nu elvish xonsh".split(" "),
);

function shellScripts(words: readonly ShellWord[], input: string | undefined): InnerScripts {
  let isScript = false;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]?.literal;
    if (word === undefined) return { known: [], unknown: true, partly: partTexts(words.slice(i)) };
    if (word === "--" || word === "-" || !/^[-+]/.test(word)) {
      const first = word === "--" || word === "-" ? words[i + 1] : words[i];
      if (isScript && first !== undefined) return joined([first]);
      // A file of commands is a program like any other; commands from its input are not.
      return first === undefined ? fromInput(input) : none;
    }
    if (/^-[a-z]*s/.test(word) && !isScript) return fromInput(input);
    if (/^-[a-z]*c/i.test(word)) isScript = true;
    if (/^([-+][a-z]*[oO]|--(rcfile|init-file))$/.test(word)) i += 1;
  }
  return words.some(({ literal }) => literal === "--version" || literal === "--help")
    ? none
    : fromInput(input);
}

/** Commands that come in while it runs, of which only what is written can be told. */
function fromInput(input: string | undefined): InnerScripts {
  return { known: [], unknown: true, ...(input === undefined ? {} : { partly: [input] }) };
}

function joined(words: readonly ShellWord[]): InnerScripts {
  const literals = words.map(({ literal }) => literal);
  if (!literals.every((literal) => literal !== undefined)) {
    return { known: [], unknown: true, partly: partTexts(words) };
  }
  const script = literals.join(" ");
  // Where no line follows, some shells drop a backslash at the end and others keep it.
  const isOpen = /(?<!\\)(?:\\\\)*\\$/.test(script);
  return { known: isOpen ? [script, script.slice(0, -1)] : [script], unknown: false };
}

/** `eval -- ls`: the end of flags that there are none of. */
function withoutDashes(words: readonly ShellWord[]): readonly ShellWord[] {
  return words[0]?.literal === "--" ? words.slice(1) : words;
}

/** What stands written in words that are not known. */
function partTexts(words: readonly ShellWord[]): readonly string[] {
  return [words.map(({ text }) => text).join(" ")];
}

/** `trap [--] ACTION SIGNAL...` */
function trapped(words: readonly ShellWord[]): InnerScripts {
  const rest = withoutDashes(words);
  return rest[0] === undefined ? none : joined(rest.slice(0, 1));
}

/** `env -S 'A=1 command'`: env splits the text by rules of its own, so that what it reads like is only part of it. */
function splitStrings(words: readonly ShellWord[]): InnerScripts {
  const at = words.findIndex(
    ({ literal }) => literal === undefined || /^(-[a-zA-Z]*S|--s[a-z-]*(=|$))/.test(literal),
  );
  if (at < 0) return none;
  const [flag, ...rest] = words.slice(at).map(({ literal, text }) => literal ?? text);
  const attached = (flag ?? "").replace(/^(-[a-zA-Z]*?S|--s[a-z-]*=?)/, "");
  return {
    known: [],
    unknown: true,
    partly: [
      [attached, ...rest]
        .join(" ")
        .trim()
        .replace(/^(\w+=\S*\s+)+/, ""),
    ],
  };
}

/** `source <(...)`, or what is written for it to read. */
function isStream(word: ShellWord | undefined): boolean {
  return word?.stream === true || /^\/(dev|proc)\//.test(word?.literal ?? "");
}

/** Behind `-c` and its like, or attached to it. */
function afterFlag(words: readonly ShellWord[]): InnerScripts {
  const scripts = words.flatMap(({ literal = "" }, i): readonly ShellWord[] => {
    const [, attached] = /^(?:-\w*?c|--(?:command|call|run)(?:=|$))(.*)$/s.exec(literal) ?? [];
    if (attached === undefined) return [];
    return attached === "" ? words.slice(i + 1, i + 2) : [literalWord(attached)];
  });
  const all = scripts.map((script) => joined([script]));
  return {
    known: all.flatMap(({ known }) => known),
    unknown: all.some(({ unknown }) => unknown),
    partly: all.flatMap(({ partly = [] }) => partly),
  };
}

/** Commands that git is told to run: as an alias, at each step of a rebase or a bisection, in each submodule. */
function gitScripts(words: readonly ShellWord[]): InnerScripts {
  const known = [...gitPrograms(words)];
  const texts = words.map(({ literal }) => literal);
  for (const [i, text] of texts.entries()) {
    const isBefore =
      text === "foreach" ? texts[i - 1] === "submodule" : text === "run" && texts[i - 1] === "bisect";
    const isFlag = text === "-x" || text === "--exec";
    const rest = words.slice(i + 1, isFlag ? i + 2 : undefined).filter((word) => !isRecursive(word));
    if ((isBefore || (isFlag && texts.includes("rebase"))) && rest.length > 0) {
      const { known: inner, unknown } = joined(rest);
      return { known: [...known, ...inner], unknown };
    }
    const exec = /^-x(.+)$/s.exec(text ?? "")?.[1];
    if (exec !== undefined && texts.includes("rebase")) known.push(exec);
  }
  return { known, unknown: false };
}

function isRecursive({ literal }: ShellWord): boolean {
  return literal === "--recursive";
}
