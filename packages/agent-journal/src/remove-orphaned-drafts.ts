import { existsSync, readdirSync, statSync } from "node:fs";
import { FaultError, type SessionId } from "@claw/agent-core";
import { draftExtension, draftSession } from "./draft-session.ts";
import type { RemovedFiles } from "./file-blob-store.ts";
import { lockFolder, sessionFile, sessionOfFile } from "./session-file.ts";
import { lockSession } from "./session-lock.ts";

/** Removes the drafts of processes that died over them; those that are being made stay. */
export function removeOrphanedDrafts(root: string): RemovedFiles {
  const names = existsSync(root) ? readdirSync(root) : [];
  const sizes = names.flatMap((name) => {
    const session = name.endsWith(draftExtension)
      ? sessionOfFile(name.slice(0, -draftExtension.length))
      : undefined;
    return session === undefined ? [] : removeOrphan(root, session);
  });
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Bytes that are gone with it. */
function removeOrphan(root: string, session: SessionId): readonly number[] {
  const place = sessionFile(root, session);
  try {
    const lock = lockSession(lockFolder(place), session);
    const size = statSync(place + draftExtension, { throwIfNoEntry: false })?.size;
    draftSession(root, session).discard();
    if (existsSync(place)) lock.release();
    else lock.dissolve();
    return size === undefined ? [] : [size];
  } catch (error) {
    if (FaultError.isInstance(error)) return []; // it is being made
    throw error;
  }
}
