import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import type { DirectoryEntry } from "@claw/agent-core";
import { openFolder } from "./open-folder.ts";
import type { LinkUse } from "./real-path.ts";

/** The entries of a folder as the system gives them, without the whole in memory. */
export async function* listFolder(
  path: string,
  links: LinkUse,
  signal: AbortSignal,
): AsyncGenerator<DirectoryEntry, void> {
  using folder = links === "refuse" ? await openFolder(path, { make: false }) : undefined;
  for await (const entry of await opendir(folder?.at("") ?? path, { bufferSize: 128 })) {
    signal.throwIfAborted();
    yield { name: entry.name, type: typeOf(entry) };
  }
}

function typeOf(entry: Dirent): DirectoryEntry["type"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}
