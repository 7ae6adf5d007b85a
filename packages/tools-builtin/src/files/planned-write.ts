import type { CallContext, FileStat, FileVersion, Machine } from "@claw/agent-core";
import { contentDigest } from "./content-digest.ts";

/** What a call says before it replaces a file. */
export interface WritePlan {
  readonly path: string;
  /** The version it replaces; `null`: there is no file yet. */
  readonly expect: FileVersion | null;
  /** Of the new content, in hex. */
  readonly sha256: string;
}

/** Replaces a file, after the journal has what is about to be there. */
export async function plannedWrite(
  machine: Machine,
  path: string,
  bytes: Uint8Array,
  expect: FileVersion | null,
  context: CallContext,
): Promise<FileStat> {
  await context.plan({ path, expect, sha256: contentDigest(bytes) });
  return machine.write(path, bytes, { expect }, context.signal);
}
