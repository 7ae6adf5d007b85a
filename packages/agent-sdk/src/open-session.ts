import {
  type Fault,
  FaultError,
  foldSession,
  type Journal,
  type JournalFaultCode,
  type Lease,
  type SessionFold,
  type SessionId,
  sessionId,
  toFault,
} from "@claw/agent-core";
import { fileJournal } from "@claw/agent-journal";
import type { SessionOptions } from "./agent-options.ts";
import type { ClawFolders } from "./claw-folders.ts";
import { forkSession } from "./fork-session.ts";
import { randomId } from "./random-id.ts";

export interface OpenedSession {
  readonly id: SessionId;
  readonly session: SessionFold;
  /** Absent when nothing can be kept: the session then lives in memory, and a warning said so. */
  readonly lease: Lease | undefined;
  readonly journal: Journal;
}

export interface SessionSurroundings {
  readonly cwd: string;
  readonly folders: ClawFolders;
  readonly warn: (fault: Fault) => void;
}

/** Begins a new session or goes on with one. A resumed session must be writable; a new one may live in memory. */
export async function openSession(
  options: SessionOptions,
  surroundings: SessionSurroundings,
): Promise<OpenedSession> {
  const journal = options.journal ?? fileJournal({ root: surroundings.folders.sessions });
  if (options.resume !== undefined && options.fork === true) return forkInto(journal, options, surroundings);
  if (options.resume !== undefined) return resumeSession(journal, options.resume, surroundings);
  const id = sessionId(options.session ?? randomId());
  try {
    const lease = await journal.lease(id);
    // Nobody has an id that was made now.
    if (options.session !== undefined) await refuseUsedId(journal, lease);
    return { id, session: foldSession(), lease, journal };
  } catch (error) {
    const fault = toFault(error, "journal-unwritable");
    if (fault.code !== "journal-unwritable") throw error;
    surroundings.warn({ ...fault, message: `This session will not be saved: ${fault.message}` });
    return { id, session: foldSession(), lease: undefined, journal };
  }
}

async function refuseUsedId(journal: Journal, lease: Lease): Promise<void> {
  // A draft is not there yet.
  if (lease.publish !== undefined) return;
  for await (const _ of journal.read(lease.session)) {
    await lease.release();
    throw new FaultError({
      code: "session-exists",
      message: `There is a session "${lease.session}" already.`,
      hint: "Resume it, or choose another id.",
    });
  }
}

async function resumeSession(
  journal: Journal,
  which: string,
  surroundings: SessionSurroundings,
): Promise<OpenedSession> {
  const lease = await leaseExisting(journal, which, surroundings);
  const id = lease.session;
  return orRelease(lease, async () => {
    const session = foldSession();
    await readWhole(id, surroundings, async (onDamage) => {
      for await (const event of journal.read(id, { onDamage })) session.apply(event);
      return session.lastSeq;
    });
    return { id, session, lease, journal };
  });
}

/**
 * The copy must be writable: one that lived in memory would end with the process, unlike what it was made of. Nobody finds it before
 * it is whole.
 */
async function forkInto(
  journal: Journal,
  options: SessionOptions,
  surroundings: SessionSurroundings,
): Promise<OpenedSession> {
  const source = await existing(journal, options.resume ?? "latest", surroundings);
  const id = sessionId(options.session ?? randomId());
  const lease = await journal.lease(id, { draft: true });
  if (options.session !== undefined) await refuseUsedId(journal, lease);
  return orRelease(lease, async () => {
    let session = foldSession();
    await readWhole(source, surroundings, async (onDamage) => {
      session = await forkSession(journal, source, lease, { onDamage });
      return session.lastSeq;
    });
    await lease.publish?.();
    return { id, session, lease, journal };
  });
}

/** Reads a session and tells of what was damaged. `read` gives the last `seq` that it found. */
async function readWhole(
  id: SessionId,
  { warn }: SessionSurroundings,
  read: (onDamage: () => void) => Promise<number>,
): Promise<void> {
  let damaged = 0;
  const lastSeq = await read(() => {
    damaged += 1;
  });
  if (damaged > 0 && lastSeq === 0) throw new FaultError(nothingReadable(id));
  if (damaged === 0) return;
  const records = damaged === 1 ? "1 damaged record" : `${damaged} damaged records`;
  warn({ code: "session-damaged", message: `Session ${id} goes on without ${records}.` });
}

async function orRelease<Value>(lease: Lease, open: () => Promise<Value>): Promise<Value> {
  try {
    return await open();
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** One that is in use can be copied. */
async function existing(journal: Journal, which: string, { cwd }: SessionSurroundings): Promise<SessionId> {
  if (which === "latest") {
    for await (const id of conversations(journal)) return id;
    throw noSession(cwd);
  }
  const id = sessionId(which);
  await mustExist(journal, id);
  return id;
}

/** Becomes the writer of one that is there. Of the newest where that is free: one that is passed over is told of. */
async function leaseExisting(
  journal: Journal,
  which: string,
  { cwd, warn }: SessionSurroundings,
): Promise<Lease> {
  if (which !== "latest") {
    const id = sessionId(which);
    await mustExist(journal, id);
    return journal.lease(id);
  }
  let newest: unknown;
  for await (const id of conversations(journal)) {
    try {
      const lease = await journal.lease(id);
      if (newest !== undefined) warn(passedOver(newest, id));
      return lease;
    } catch (error) {
      if (toFault(error, "journal-unwritable").code !== "session-busy") throw error;
      newest ??= error;
    }
  }
  throw newest ?? noSession(cwd);
}

/** The sessions in which something was said, newest first. */
async function* conversations(journal: Journal): AsyncGenerator<SessionId> {
  for (const { session, title } of await journal.list()) {
    if (title !== "" || (await isConversation(journal, session))) yield session;
  }
}

/** Not all have words of a human in them. One that cannot be read counts: who goes on with it is told. */
async function isConversation(journal: Journal, id: SessionId): Promise<boolean> {
  let isDamaged = false;
  const onDamage = (): void => {
    isDamaged = true;
  };
  for await (const { type } of journal.read(id, { onDamage })) if (type === "message") return true;
  return isDamaged;
}

function passedOver(busy: unknown, taken: SessionId): Fault {
  const { message } = toFault(busy, "session-busy");
  return {
    code: "session-passed-over",
    message: `${message} So the newest that is free goes on: "${taken}".`,
    hint: "Close it there, or go on in a copy of it: --fork-session with its id.",
  };
}

function nothingReadable(id: SessionId): Fault<JournalFaultCode> {
  return {
    code: "session-corrupt",
    message: `Session "${id}" is damaged: not one record of it can be read.`,
    hint: "Start a new session.",
  };
}

/** A lease makes what does not exist; resuming must not. */
async function mustExist(journal: Journal, id: SessionId): Promise<void> {
  for await (const _ of journal.read(id)) return;
}

function noSession(cwd: string): FaultError {
  return new FaultError({
    code: "session-unknown",
    message: `There is no session to go on with in ${cwd}.`,
    hint: "Start a new one.",
  });
}
