import { readFile, stat } from "node:fs/promises";
import type { JsonObject } from "@claw/agent-core";
import { oneAtATime } from "./one-at-a-time.ts";
import { replacePrivateFile } from "./replace-private-file.ts";

export interface JsonEdit {
  /** What the file's text holds. Rejects where that cannot be known: the file is then left alone. */
  readonly read: (source: string) => JsonObject | Promise<JsonObject>;
  /** `undefined`: it stays as it is. */
  readonly change: (before: JsonObject) => JsonObject | undefined;
}

/**
 * Changes the JSON object in a file in one step, and one change after the other; one that is not there holds none. It keeps its rights; a new one is 0600
 * in a 0700 folder, as it may hold secrets.
 */
export async function editJsonFile(file: string, edit: JsonEdit): Promise<void> {
  await oneAtATime(file, () => apply(file, edit));
}

async function apply(file: string, { read, change }: JsonEdit): Promise<void> {
  const source = await sourceOf(file);
  const after = change(source === undefined ? {} : await read(source));
  if (after === undefined) return;
  const mode = source === undefined ? undefined : (await stat(file)).mode & 0o777;
  await replacePrivateFile(file, `${JSON.stringify(after, null, 2)}\n`, mode);
}

async function sourceOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && absent.has(String(error.code))) return undefined;
    throw error;
  }
}

/** A file in the place of its folder is told of where it would be written. */
const absent: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR"]);
