import type { ShellWord } from "../shell-script.ts";

/** The arguments of a program that goes through folders, sorted by a list of its flags that take a value. */
export interface WalkerArguments {
  /** The values that each flag was given, in order; empty where it takes none. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly ShellWord[];
}

/** Unlike for a reader, every flag will do: what is not known takes no value. Where it is unclear, more operands. */
export function walkerArguments(
  words: readonly ShellWord[],
  valueFlags: ReadonlySet<string>,
): WalkerArguments {
  const flags = new Map<string, readonly string[]>();
  const operands: ShellWord[] = [];
  const give = (name: string, value?: string): void => {
    flags.set(name, [...(flags.get(name) ?? []), ...(value === undefined ? [] : [value])]);
  };
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.literal ?? flagText(word);
    if (text === "--") {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (!/^-./.test(text)) {
      operands.push(word);
      continue;
    }
    const [name, value] = text.startsWith("--") ? longFlag(text) : lastLetter(text, valueFlags, give);
    if (value !== undefined || !valueFlags.has(name)) give(name, value);
    else {
      i += 1;
      give(name, words[i]?.literal);
    }
  }
  return { flags, operands };
}

/** `--include=*.ts` stays as it is written, unless a file has such a name. */
function flagText({ glob, text }: ShellWord): string {
  return glob?.startsWith("-") === true && /^[\w.*?=-]+$/.test(text) ? text : "";
}

function longFlag(text: string): readonly [string, string?] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Gives the letters of a bundle, `-rne x`; the last, or the first that takes a value, comes back. */
function lastLetter(
  text: string,
  valueFlags: ReadonlySet<string>,
  give: (name: string) => void,
): readonly [string, string?] {
  for (let i = 1; i < text.length - 1; i += 1) {
    const name = `-${text[i] ?? ""}`;
    if (valueFlags.has(name)) return [name, text.slice(i + 1)];
    give(name);
  }
  return [`-${text.at(-1) ?? ""}`];
}
