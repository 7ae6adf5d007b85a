import { join } from "node:path";
import { type SessionId, sessionId } from "@claw/agent-core";

/** Where a session's records are: `<root>/<session>.jsonl`. */
export function sessionFile(root: string, session: SessionId): string {
  // Parsed again, since an id may have been made by a cast: it must not lead out of the folder.
  return join(root, sessionId(session) + extension);
}

/** Where the lock of a session's file is. */
export function lockFolder(file: string): string {
  return `${file}.lock`;
}

/** The session that a file name of the folder stands for, if it is one. */
export function sessionOfFile(name: string): SessionId | undefined {
  if (!name.endsWith(extension)) return undefined;
  try {
    return sessionId(name.slice(0, -extension.length));
  } catch {
    return undefined;
  }
}

const extension = ".jsonl";
