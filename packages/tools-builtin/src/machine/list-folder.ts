import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import type { DirectoryEntry } from "@claw/agent-core";

/** The entries of a folder as the system gives them, without the whole in memory. */
export async function* listFolder(path: string, signal: AbortSignal): AsyncGenerator<DirectoryEntry, void> {
  for await (const entry of await opendir(path, { bufferSize: 128 })) {
    signal.throwIfAborted();
    yield { name: entry.name, type: typeOf(entry) };
  }
}

function typeOf(entry: Dirent): DirectoryEntry["type"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}
