import { createHash } from "node:crypto";
import type { JsonObject, Machine } from "@claw/agent-core";
import type { FileLedger } from "@claw/tools-builtin";

export interface FileStateSources {
  readonly ledger: Pick<FileLedger, "seen">;
  readonly machine: Pick<Machine, "stat" | "read">;
}

/** A file as the conversation knows it, for whoever has to know whether it is still the same. */
export interface FileState extends JsonObject {
  readonly path: string;
}

/** Larger files are named without their hash. */
const mostBytes = 16 * 2 ** 20;

/**
 * Hashes files as the session read or wrote them. One that is not that any more says so, and what cannot be looked at is only named.
 */
export async function fileStates(
  paths: readonly string[],
  sources: FileStateSources,
  signal: AbortSignal,
): Promise<readonly FileState[]> {
  const states: FileState[] = [];
  for (const path of paths) states.push(await fileState(path, sources, signal));
  return states;
}

async function fileState(
  path: string,
  { ledger, machine }: FileStateSources,
  signal: AbortSignal,
): Promise<FileState> {
  try {
    const seen = ledger.seen(path);
    const now = await machine.stat(path, signal);
    if (seen === undefined || now?.type !== "file") return { path };
    if (now.version !== seen.version) return { path, changed_since: true };
    if (now.size > mostBytes) return { path };
    const hash = createHash("sha256");
    for await (const piece of machine.read(path, {}, signal)) hash.update(piece);
    const after = await machine.stat(path, signal);
    return after?.version === seen.version
      ? { path, sha256: hash.digest("hex").slice(0, digits) }
      : { path, changed_since: true };
  } catch {
    return { path };
  }
}

/** Of a hash that only tells one content of a file from another. */
const digits = 16;
