import { linkSync, rmSync, unlinkSync } from "node:fs";
import type { SessionId } from "@claw/agent-core";
import { sessionFile } from "./session-file.ts";

/** A session that is still being made, beside its place: nobody lists or reads it there. */
export interface DraftSession {
  readonly path: string;
  /** Puts it into its place, whole at once. */
  readonly publish: () => void;
  readonly discard: () => void;
}

/** For the holder of the session's lock. What an earlier one left is gone. */
export function draftSession(root: string, session: SessionId): DraftSession {
  const place = sessionFile(root, session);
  const path = place + draftExtension;
  const discard = (): void => rmSync(path, { force: true });
  discard();
  return {
    path,
    publish: () => {
      linkSync(path, place);
      unlinkSync(path);
    },
    discard,
  };
}

/** What the file of a draft has behind the name of its session's. */
export const draftExtension = ".draft";
