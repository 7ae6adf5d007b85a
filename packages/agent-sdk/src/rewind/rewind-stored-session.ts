import { resolve } from "node:path";
import { createSessionStream, foldSession, type SessionId, sessionId } from "@claw/agent-core";
import { fileBlobStore, fileJournal } from "@claw/agent-journal";
import { childEnvironment } from "@claw/agent-tasks";
import { localMachine } from "@claw/tools-builtin";
import { clawFolders } from "../claw-folders.ts";
import type { SessionsOf } from "../sessions.ts";
import { createCheckpoints } from "./checkpoints.ts";
import type { RewindOptions, RewindPoint, RewindReport } from "./rewind.ts";
import { rewindPoints, rewindSession } from "./rewind-session.ts";

/** What a stored session can be put back to, oldest first. Rejects with `session-unknown`. */
export function storedRewindPoints(options: SessionsOf, id: string): Promise<readonly RewindPoint[]> {
  return rewindPoints(placeOf(options).journal, sessionId(id));
}

/** Puts a stored session back to a point, on this computer: see `Agent.rewind`. Rejects with `session-unknown`, and with `session-busy` while it is in use. */
export async function rewindStoredSession(
  options: SessionsOf,
  id: string,
  rewind: RewindOptions,
): Promise<RewindReport> {
  const { journal, folders, env } = placeOf(options);
  const session: SessionId = sessionId(id);
  // A lease makes what does not exist.
  for await (const _ of journal.read(session)) break;
  const lease = await journal.lease(session);
  try {
    const fold = foldSession();
    for await (const event of journal.read(session)) fold.apply(event);
    const stream = createSessionStream(fold, lease);
    const blobs = fileBlobStore({ root: folders.checkpoints });
    const machine = localMachine({ environment: () => childEnvironment(env), recordsFolder: folders.jobs });
    const checkpoints = createCheckpoints(machine, stream, blobs);
    return await rewindSession(
      { journal, session, stream, checkpoints, blobs },
      rewind,
      new AbortController().signal,
    );
  } finally {
    await lease.release();
  }
}

function placeOf(options: SessionsOf) {
  const env = options.env ?? process.env;
  const folders = clawFolders(resolve(options.cwd ?? process.cwd()), env);
  return { env, folders, journal: options.journal ?? fileJournal({ root: folders.sessions }) };
}
