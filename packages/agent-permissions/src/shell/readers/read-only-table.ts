import type { ShellWord } from "../shell-script.ts";
import type { ReadOnlyCommand } from "./read-only-command.ts";
import type { Reader } from "./reader.ts";
import { tableReader } from "./table-reader.ts";

/** The entries for programs, found by the words that a call begins with. */
export interface ReadOnlyTable {
  /** Whether it has an entry for some subcommand of the program. */
  readonly knows: (program: string) => boolean;
  /** The reader for a call and its arguments; the entry with the most words wins. */
  readonly find: (words: readonly ShellWord[]) => FoundReader | undefined;
}

export interface FoundReader {
  readonly read: Reader;
  readonly rest: readonly ShellWord[];
}

export function readOnlyTable(entries: readonly ReadOnlyCommand[]): ReadOnlyTable {
  const byProgram = new Map<string, Row[]>();
  for (const entry of entries) {
    const words = entry.command.split(" ");
    const rows = byProgram.get(words[0] ?? "") ?? [];
    rows.push({ words, entry });
    byProgram.set(words[0] ?? "", rows);
  }
  for (const rows of byProgram.values()) rows.sort((one, other) => other.words.length - one.words.length);
  return {
    knows: (program) => byProgram.has(program),
    find: (words) => {
      const row = byProgram
        .get(words[0]?.literal ?? "")
        ?.find((row) => row.words.every((word, i) => words[i]?.literal === word));
      if (row === undefined) return undefined;
      row.read ??= tableReader(row.entry);
      return { read: row.read, rest: words.slice(row.words.length) };
    },
  };
}

interface Row {
  readonly words: readonly string[];
  readonly entry: ReadOnlyCommand;
  /** Made when it is first needed. */
  read?: Reader;
}
