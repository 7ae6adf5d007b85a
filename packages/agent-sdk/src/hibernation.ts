import { FaultError, foldSession, type SessionStream } from "@claw/agent-core";
import { isUnfinished } from "./is-unfinished.ts";
import type { OpenedSession } from "./open-session.ts";

/** An idle session that has given up its conversation, and takes it from its journal again when something happens. */
export interface Hibernation {
  readonly isAsleep: () => boolean;
  /** Whether the session sleeps now. It stays awake while a run goes on, and where its journal does not have all of it. */
  readonly sleep: () => boolean;
  /** Resolves when the conversation is there; at once when it always was. Rejects when the journal cannot give it. */
  readonly wake: () => Promise<void>;
  /** To be called whenever a run has ended: begins to count the idle time anew. */
  readonly settle: () => void;
  readonly close: () => void;
}

export interface HibernationOptions {
  readonly opened: OpenedSession;
  readonly stream: SessionStream;
  /** A run goes on, or other work on the conversation. */
  readonly busy: () => boolean;
  /** Milliseconds without a run after which the session goes to sleep by itself. Absent: it does not. */
  readonly afterMs: number | undefined;
  /** Lets go of what else holds the conversation. */
  readonly onSleep: () => void;
}

export function createHibernation({
  opened,
  stream,
  busy,
  afterMs,
  onSleep,
}: HibernationOptions): Hibernation {
  const { session, journal, id } = opened;
  let asleep = false;
  let waking: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function sleep(): boolean {
    clearTimeout(timer);
    if (asleep) return true;
    if (busy() || waking !== undefined || !stream.isSaved() || isUnfinished(session)) {
      return false;
    }
    session.letGo();
    onSleep();
    asleep = true;
    return true;
  }

  /** Sub-agents in the background and ends of tasks may go on to write while it is read. */
  async function read(): Promise<void> {
    session.prepare();
    try {
      const { lastSeq } = session;
      await stream.settled();
      const whole = foldSession();
      for await (const event of journal.read(id)) whole.apply(event);
      if (whole.lastSeq < lastSeq) throw new FaultError(lost);
      session.takeUp(whole);
      asleep = false;
    } finally {
      if (asleep) session.letGo();
    }
  }

  function wake(): Promise<void> {
    clearTimeout(timer);
    if (!asleep) return Promise.resolve();
    waking ??= read().finally(() => {
      waking = undefined;
      settle();
    });
    return waking;
  }

  function settle(): void {
    clearTimeout(timer);
    if (afterMs === undefined || asleep || busy()) return;
    timer = setTimeout(sleep, afterMs);
    timer.unref();
  }

  settle();
  return { isAsleep: () => asleep, sleep, wake, settle, close: () => clearTimeout(timer) };
}

const lost = {
  code: "session-damaged",
  message: "The conversation was put away, and its file does not have all of it any more.",
  hint: "Look at the file with claw sessions show.",
};
