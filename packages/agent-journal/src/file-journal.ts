import { existsSync, rmSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { DurableEvent, Fault, Journal, Lease, SessionId, SessionSummary } from "@claw/agent-core";
import { type DraftSession, draftSession } from "./draft-session.ts";
import { journalFault, leaseLost, unwritable } from "./journal-fault.ts";
import { makeFolder } from "./make-folder.ts";
import { readSession } from "./read-session.ts";
import { removeOrphanedDrafts } from "./remove-orphaned-drafts.ts";
import { lockFolder, sessionFile } from "./session-file.ts";
import { eventLine, maxLineBytes } from "./session-line.ts";
import { lockSession, type SessionLock } from "./session-lock.ts";
import { openSessionWriter, type SessionWriter } from "./session-writer.ts";
import { sessionsIn } from "./sessions-in.ts";
import { summariseSession } from "./summarise-session.ts";
import { syncFolder } from "./sync-folder.ts";

/** Where sessions are kept. */
export interface FileJournalOptions {
  /** A folder; made with mode 0700 when the first session is. */
  readonly root: string;
  /** Milliseconds since the epoch. Left out: the system's clock. */
  readonly now?: () => number;
  /** Told what was repaired: `torn-tail` for a record that its writer did not finish, `stale-lock` for a dead writer. */
  readonly onWarning?: (warning: Fault<"torn-tail" | "stale-lock">) => void;
}

/** Durable sessions as one append-only file of JSON lines each, with one writer at a time. */
export function fileJournal(options: FileJournalOptions): Journal {
  const { root } = options;
  return {
    lease: async (session, { draft = false } = {}) => {
      try {
        makeFolder(root);
        if (draft) removeOrphanedDrafts(root);
        return openLease(options, session, draft);
      } catch (error) {
        throw unwritable(root, error);
      }
    },
    read: (session, readOptions) => readSession(root, session, readOptions),
    list: () => listSessions(root),
    remove: async (session) => {
      const file = sessionFile(root, session);
      if (!existsSync(file))
        throw journalFault("session-unknown", `There is no session "${session}" in ${root}.`);
      try {
        removeSession(file, session);
      } catch (error) {
        throw unwritable(root, error);
      }
    },
  };
}

function openLease(options: FileJournalOptions, session: SessionId, isDraft: boolean): Lease {
  const { root, now = Date.now } = options;
  const path = sessionFile(root, session);
  const lock = lockSession(lockFolder(path), session);
  try {
    const draft = isDraft && !existsSync(path) ? draftSession(root, session) : undefined;
    const writer = openSessionWriter(draft?.path ?? path, session, now());
    warn(options, session, lock, writer);
    return draft === undefined
      ? leaseOf(root, session, lock, writer)
      : draftLease(root, leaseOf(root, session, lock, writer), lock, draft);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function warn(
  { onWarning, root }: FileJournalOptions,
  session: SessionId,
  lock: SessionLock,
  writer: SessionWriter,
): void {
  const warnings: Fault<"torn-tail" | "stale-lock">[] = [];
  if (lock.succeeded !== undefined) {
    const message = `Session "${session}" was held by process ${lock.succeeded}, which is gone; it was taken over.`;
    warnings.push({ code: "stale-lock", message });
  }
  if (writer.torn > 0) {
    const message = `The last record of session "${session}" was not finished: ${writer.torn} bytes were cut off.`;
    warnings.push({ code: "torn-tail", message, hint: `They are in ${sessionFile(root, session)}.torn.` });
  }
  try {
    for (const warning of warnings) onWarning?.(warning);
  } catch {
    // A listener that throws must not cost the session.
  }
}

function leaseOf(root: string, session: SessionId, lock: SessionLock, writer: SessionWriter): Lease {
  let open = true;
  return {
    session,
    token: lock.token,
    append: (events) => {
      try {
        if (!lock.isHeld()) throw leaseLost(`Session "${session}" has another writer now.`);
        const bytes = linesOf(events);
        if (bytes.length > 0) writer.append(bytes);
      } catch (error) {
        throw unwritable(root, error);
      }
    },
    flush: async () => {
      if (!open) return;
      try {
        await writer.flush();
      } catch (error) {
        throw unwritable(root, error);
      }
    },
    release: async () => {
      if (!open) return;
      open = false;
      writer.close();
      lock.release();
    },
  };
}

/** Its bytes are durable before they have their name. */
function draftLease(root: string, lease: Lease, lock: SessionLock, draft: DraftSession): Lease {
  let isPublished = false;
  return {
    ...lease,
    publish: async () => {
      await lease.flush();
      try {
        draft.publish();
        isPublished = true;
        await syncFolder(root);
      } catch (error) {
        throw unwritable(root, error);
      }
    },
    release: async () => {
      if (!isPublished) {
        draft.discard();
        lock.dissolve();
      }
      await lease.release();
    },
  };
}

/** One buffer, so that one write takes them all. */
function linesOf(events: readonly DurableEvent[]): Buffer {
  const lines = events.map((event) => Buffer.from(eventLine(event)));
  if (lines.some((line) => line.length > maxLineBytes)) {
    throw new Error(`a record is longer than ${maxLineBytes} bytes.`);
  }
  const [first] = lines;
  return lines.length === 1 && first !== undefined ? first : Buffer.concat(lines);
}

/** Sessions that are looked at without a pause: a few milliseconds. */
const atOnce = 20;

async function listSessions(root: string): Promise<readonly SessionSummary[]> {
  const summaries: SessionSummary[] = [];
  for (const [index, session] of (await sessionsIn(root)).entries()) {
    // Others of the process have their turn.
    if (index % atOnce === atOnce - 1) await setImmediate();
    const summary = summariseSession(root, session);
    if (summary !== undefined) summaries.push(summary);
  }
  return summaries.sort((left, right) => right.updatedAt - left.updatedAt);
}

/** Under the session's own lock, so that nobody is writing. */
function removeSession(file: string, session: SessionId): void {
  const lock = lockSession(lockFolder(file), session);
  try {
    rmSync(file, { force: true });
    rmSync(`${file}.torn`, { force: true });
    lock.dissolve();
  } finally {
    lock.release();
  }
}
