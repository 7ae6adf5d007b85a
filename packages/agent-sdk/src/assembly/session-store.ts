import { join } from "node:path";
import { createSessionStream, type SessionStream, type SpillStore } from "@claw/agent-core";
import { type BlobStore, fileBlobStore, fileSpillStore } from "@claw/agent-journal";
import { createTaskRuntime, type TaskRuntime } from "@claw/agent-tasks";
import { type OpenedSession, openSession } from "../open-session.ts";
import { type Checkpoints, createCheckpoints } from "../rewind/checkpoints.ts";
import type { AgentBase } from "./agent-base.ts";
import type { AgentGround } from "./agent-ground.ts";

/** What a session leaves: its journal, and what stands beside it. */
export interface SessionStore {
  readonly opened: OpenedSession;
  /** Something of it was there before. */
  readonly isBegun: boolean;
  readonly stream: SessionStream;
  readonly blobs: BlobStore;
  readonly checkpoints: Checkpoints;
  readonly spill: SpillStore;
  readonly tasks: TaskRuntime;
}

/** Opens the session; what its answers allowed for its length is allowed again. */
export async function openStore(
  { options, cwd, folders, redactor, warn, keepWarning }: AgentBase,
  { machine, permissions }: AgentGround,
): Promise<SessionStore> {
  const opened = await openSession(options, { cwd, folders, warn });
  const { session, lease } = opened;
  permissions.restore(session.sessionRules);
  const stream = createSessionStream(session, lease, redactor?.text, redactor?.pieces, keepWarning);
  const blobs = fileBlobStore({ root: folders.checkpoints });
  const spill = fileSpillStore({ root: join(folders.spill, opened.id) });
  return {
    ...{ opened, stream, blobs, spill },
    isBegun: session.lastSeq > 0,
    checkpoints: createCheckpoints(machine, stream, blobs),
    tasks: createTaskRuntime({ spill, earlier: session }),
  };
}
