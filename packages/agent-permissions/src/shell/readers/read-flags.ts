import { anything } from "../../rules/wildcard.ts";
import type { ShellWord } from "../shell-script.ts";
import type { ReadOnlyCommand } from "./read-only-command.ts";

/** The flags that a program may be given; every other flag is refused, also an abbreviation of one of these. */
export interface FlagTable {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  /** With a value only when it is attached. */
  readonly attached: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
  readonly number: boolean;
  readonly harmless: boolean;
  readonly inOrder: boolean;
}

export type FlagLists = Pick<
  ReadOnlyCommand,
  "flags" | "values" | "pairs" | "files" | "number" | "harmless" | "inOrder"
>;

export interface ParsedFlags {
  /** Each flag that was given, by name. */
  readonly given: ReadonlySet<string>;
  readonly files: readonly ShellWord[];
  readonly operands: readonly ShellWord[];
  /** Flags behind an operand, with their values: where programs look for flags at the beginning only, files too. */
  readonly late: readonly ShellWord[];
}

export function flagTable(lists: FlagLists): FlagTable {
  const flags = namesIn(lists.flags);
  return {
    flags: new Set(flags.map((name) => name.replace(/=$/, ""))),
    attached: new Set(flags.filter((name) => name.endsWith("=")).map((name) => name.slice(0, -1))),
    values: new Set(namesIn(lists.values)),
    pairs: new Set(namesIn(lists.pairs)),
    files: new Set(namesIn(lists.files)),
    number: lists.number === true,
    harmless: lists.harmless === true,
    inOrder: lists.inOrder === true,
  };
}

/** The names in a list that is separated by blanks. */
export function namesIn(list = ""): readonly string[] {
  return list.split(/\s+/).filter((name) => name !== "");
}

/** Sorts arguments into flags and operands, or says which one is not on the list. */
export function readFlags(words: readonly ShellWord[], table: FlagTable): ParsedFlags | string {
  const given = new Set<string>();
  const files: ShellWord[] = [];
  const operands: ShellWord[] = [];
  const late: ShellWord[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.literal ?? word.glob ?? "";
    const isLate = operands.length > 0;
    if (isLate && table.inOrder) {
      operands.push(...words.slice(i));
      break;
    }
    if (isLate && text.startsWith("-") && text !== "-") late.push(word);
    if (text === "--") {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (word.glob?.startsWith(anything) === true && !table.harmless) return mayBeFlag(word);
    if (!text.startsWith("-") || text === "-") {
      operands.push(word);
      continue;
    }
    if (word.literal === undefined) {
      if (!isValueGlob(text, table)) return mayBeFlag(word);
      continue;
    }
    const flag = readFlag(text, table);
    if (flag === undefined) return `nothing is known about \`${word.text}\``;
    for (const name of flag.names) given.add(name);
    const isFile = flag.names.some((name) => table.files.has(name));
    if (flag.value !== undefined && isFile) files.push({ text: flag.value, literal: flag.value });
    for (let taken = 0; taken < flag.takes; taken += 1) {
      i += 1;
      const next = words[i];
      // Without its value the program only complains.
      if (next === undefined) break;
      if (next.literal === undefined || /^-./.test(next.literal)) {
        return `\`${word.text}\` has no clear value`;
      }
      if (isFile) files.push(next);
      else if (isLate) late.push(next);
    }
  }
  return { given, files, operands, late };
}

/** `--include=*.ts`: whatever file has such a name, it stays this flag. */
function isValueGlob(text: string, table: FlagTable): boolean {
  return table.values.has(/^(--[\w-]+)=/.exec(text)?.[1] ?? "");
}

function mayBeFlag(word: ShellWord): string {
  return `\`${word.text}\` may become a flag`;
}

interface ReadFlag {
  readonly names: readonly string[];
  readonly value?: string;
  /** How many of the next words are its values. */
  readonly takes: 0 | 1 | 2;
}

function readFlag(text: string, table: FlagTable): ReadFlag | undefined {
  if (table.number && /^-\d+$/.test(text)) return { names: [text], takes: 0 };
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    if (equals < 0) return whole(text, table);
    const name = text.slice(0, equals);
    const takesValue = table.values.has(name) || table.files.has(name) || table.attached.has(name);
    return takesValue ? { names: [name], value: text.slice(equals + 1), takes: 0 } : undefined;
  }
  return whole(text, table) ?? bundle(text, table);
}

function whole(text: string, table: FlagTable): ReadFlag | undefined {
  if (table.values.has(text) || table.files.has(text)) return { names: [text], takes: 1 };
  if (table.pairs.has(text)) return { names: [text], takes: 2 };
  return table.flags.has(text) ? { names: [text], takes: 0 } : undefined;
}

/** `-lah`, `-n5`. */
function bundle(text: string, table: FlagTable): ReadFlag | undefined {
  const given: string[] = [];
  for (let i = 1; i < text.length; i += 1) {
    const name = `-${text[i] ?? ""}`;
    given.push(name);
    const rest = text.slice(i + 1);
    if (table.values.has(name) || table.files.has(name)) {
      return rest === "" ? { names: given, takes: 1 } : { names: given, value: rest, takes: 0 };
    }
    if (table.attached.has(name)) return { names: given, value: rest, takes: 0 };
    if (!table.flags.has(name)) return undefined;
  }
  return { names: given, takes: 0 };
}
