import { anything } from "../../rules/wildcard.ts";
import type { ShellWord } from "../shell-script.ts";

/** The flags that a program may be given; every other flag is refused, also an abbreviation of one of these. */
export interface FlagTable {
  /** Without a value. */
  readonly flags: ReadonlySet<string>;
  /** With a value that names no file, attached or as the next word. */
  readonly values: ReadonlySet<string>;
  /** With a value only when it is attached. */
  readonly attached: ReadonlySet<string>;
  /** With the path of a file that is read. */
  readonly files: ReadonlySet<string>;
  /** `-20`. */
  readonly number: boolean;
  /** No flag of the program does harm, listed here or not: a file name that looks like a flag does not matter. */
  readonly harmless: boolean;
}

export interface FlagLists {
  /** Names separated by blanks; one that ends with `=` may have an attached value. */
  readonly flags?: string;
  readonly values?: string;
  readonly files?: string;
  readonly number?: boolean;
  readonly harmless?: boolean;
}

export interface ParsedFlags {
  /** Each flag that was given, by name. */
  readonly given: ReadonlySet<string>;
  readonly files: readonly ShellWord[];
  readonly operands: readonly ShellWord[];
}

export function flagTable(lists: FlagLists): FlagTable {
  const flags = names(lists.flags);
  return {
    flags: new Set(flags.map((name) => name.replace(/=$/, ""))),
    attached: new Set(flags.filter((name) => name.endsWith("=")).map((name) => name.slice(0, -1))),
    values: new Set(names(lists.values)),
    files: new Set(names(lists.files)),
    number: lists.number === true,
    harmless: lists.harmless === true,
  };
}

/** Sorts arguments into flags and operands, or says which one is not on the list. */
export function readFlags(words: readonly ShellWord[], table: FlagTable): ParsedFlags | string {
  const given = new Set<string>();
  const files: ShellWord[] = [];
  const operands: ShellWord[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.literal ?? word.glob ?? "";
    if (text === "--") {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (word.glob?.startsWith(anything) === true && !table.harmless) return mayBeFlag(word);
    if (!text.startsWith("-") || text === "-") {
      operands.push(word);
      continue;
    }
    if (word.literal === undefined) return mayBeFlag(word);
    const flag = readFlag(text, table);
    if (flag === undefined) return `nothing is known about \`${word.text}\``;
    for (const name of flag.names) given.add(name);
    let value = flag.value === undefined ? undefined : { text: flag.value, literal: flag.value };
    if (flag.takesNext) {
      i += 1;
      const next = words[i];
      if (next?.literal === undefined || next.literal.startsWith("-")) {
        return `\`${word.text}\` has no clear value`;
      }
      value = { text: next.text, literal: next.literal };
    }
    if (value !== undefined && flag.names.some((name) => table.files.has(name))) files.push(value);
  }
  return { given, files, operands };
}

function mayBeFlag(word: ShellWord): string {
  return `\`${word.text}\` may become a flag`;
}

interface ReadFlag {
  readonly names: readonly string[];
  readonly value?: string;
  readonly takesNext: boolean;
}

function readFlag(text: string, table: FlagTable): ReadFlag | undefined {
  if (table.number && /^-\d+$/.test(text)) return { names: [text], takesNext: false };
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    if (equals < 0) return whole(text, table);
    const name = text.slice(0, equals);
    const takesValue = table.values.has(name) || table.files.has(name) || table.attached.has(name);
    return takesValue ? { names: [name], value: text.slice(equals + 1), takesNext: false } : undefined;
  }
  return whole(text, table) ?? bundle(text, table);
}

function whole(text: string, table: FlagTable): ReadFlag | undefined {
  if (table.values.has(text) || table.files.has(text)) return { names: [text], takesNext: true };
  return table.flags.has(text) ? { names: [text], takesNext: false } : undefined;
}

/** `-lah`, `-n5`. */
function bundle(text: string, table: FlagTable): ReadFlag | undefined {
  const given: string[] = [];
  for (let i = 1; i < text.length; i += 1) {
    const name = `-${text[i] ?? ""}`;
    given.push(name);
    const rest = text.slice(i + 1);
    if (table.values.has(name) || table.files.has(name)) {
      return rest === ""
        ? { names: given, takesNext: true }
        : { names: given, value: rest, takesNext: false };
    }
    if (table.attached.has(name)) return { names: given, value: rest, takesNext: false };
    if (!table.flags.has(name)) return undefined;
  }
  return { names: given, takesNext: false };
}

function names(list = ""): readonly string[] {
  return list.split(/\s+/).filter((name) => name !== "");
}
