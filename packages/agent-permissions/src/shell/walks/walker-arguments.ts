import { anything } from "../../rules/wildcard.ts";
import type { ShellWord } from "../shell-script.ts";

/** The arguments of a program that goes through folders, sorted by a list of its flags that take a value. */
export interface WalkerArguments {
  /** The values that each flag was given, in order, `anything` for one that is not known; empty where it takes none. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly ShellWord[];
  /** Those behind `--`; absent without one. */
  readonly behind?: readonly ShellWord[];
  /** The flags that take a value. */
  readonly valueFlags: ReadonlySet<string>;
}

/** Unlike for a reader, every flag will do: what is not known takes no value. Where it is unclear, more operands. */
export function walkerArguments(
  words: readonly ShellWord[],
  valueFlags: ReadonlySet<string>,
): WalkerArguments {
  const flags = new Map<string, string[]>();
  const operands: ShellWord[] = [];
  const give = (name: string, value?: string): void => {
    const values = flags.get(name) ?? [];
    if (value !== undefined) values.push(value);
    flags.set(name, values);
  };
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.literal ?? flagText(word);
    if (text === "--") {
      const behind = words.slice(i + 1);
      return { flags, operands: [...operands, ...behind], behind, valueFlags };
    }
    if (!/^-./.test(text)) {
      operands.push(word);
      continue;
    }
    const [name, value] = text.startsWith("--") ? longFlag(text) : lastLetter(text, valueFlags, give);
    if (value !== undefined || !valueFlags.has(name)) give(name, value);
    else {
      i += 1;
      give(name, words[i]?.literal ?? anything);
    }
  }
  return { flags, operands, valueFlags };
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
