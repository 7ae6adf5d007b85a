import { chmod, mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What was typed before, newest first. */
export interface History {
  readonly entries: readonly string[];
  /** Keeps one more entry, here and in the file. A file that cannot be written is no reason to stop. */
  readonly add: (entry: string) => Promise<void>;
}

/** Entries that are kept. */
export const historyLimit = 1000;
/** Characters; longer entries live only as long as the process. */
const longestEntry = 10_000;

/** Reads the history: one JSON string a line, oldest first, readable by its owner only. */
export async function openHistory(file: string): Promise<History> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const entries = lines.flatMap(parsed).slice(-historyLimit).reverse();
  if (lines.length > historyLimit * 2) await rewrite(file, entries).catch(() => undefined);
  return {
    entries,
    add: async (entry) => {
      if (entries[0] === entry || entry.trim() === "") return;
      entries.unshift(entry);
      entries.length = Math.min(entries.length, historyLimit);
      if (entry.length <= longestEntry) await append(file, entry).catch(() => undefined);
    },
  };
}

function parsed(line: string): readonly string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "string" ? [entry] : [];
  } catch {
    return [];
  }
}

async function append(file: string, entry: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, "a", 0o600);
  try {
    await handle.appendFile(`${JSON.stringify(entry)}\n`);
  } finally {
    await handle.close();
  }
}

async function rewrite(file: string, newestFirst: readonly string[]): Promise<void> {
  const lines = newestFirst.map((entry) => `${JSON.stringify(entry)}\n`).reverse();
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, lines.join(""), { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, file);
}
