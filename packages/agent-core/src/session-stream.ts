import type { Broadcast } from "./broadcast.ts";
import { type AgentEvent, type DurableEvent, type Envelope, type EventBody, isDurable } from "./event.ts";
import { type Fault, toFault } from "./fault.ts";
import { onAbort } from "./on-abort.ts";
import type { Lease } from "./ports/journal.ts";
import type { Redact } from "./ports/redact.ts";
import type { RedactPieces } from "./ports/redact-pieces.ts";
import { createQuestionLine, type QuestionLine } from "./question-line.ts";
import type { SessionFold } from "./session-fold.ts";

/**
 * What all runs of one session have in common, those of sub-agents included: one numbering, one journal, one line of
 * questions. Events are applied to the session and numbered at once, written to the journal if they are durable, and
 * only then shown, in order.
 */
export interface SessionStream {
  readonly session: SessionFold;
  /** Takes secrets out of what runs say before it is sent; absent: they are kept. */
  readonly redact: Redact | undefined;
  /** The same for what a model says while it says it; set where `redact` is. */
  readonly redactPieces: RedactPieces | undefined;
  readonly questions: QuestionLine;
  /** The journal has all that was sent so far. */
  readonly isSaved: () => boolean;
  /** Resolves when the journal has all that was sent until now, or is known to have failed. */
  readonly settled: () => Promise<void>;
  /** The events with their numbers, written together; `shown` is absent where they were shown at once. */
  readonly send: (
    bodies: readonly EventBody[],
    about: Omit<Envelope, "seq">,
    by: StreamWriter,
  ) => { readonly events: readonly AgentEvent[]; readonly shown: Promise<void> | undefined };
  /** Asks the journal to survive a loss of power. */
  readonly flush: (by: StreamWriter) => Promise<void>;
  /** From now on the writer hears what it may hear, until its run has ended. */
  readonly join: (writer: StreamWriter) => void;
}

/** A run, as the stream knows it. */
export interface StreamWriter {
  readonly broadcast: Broadcast;
  /** Whether its listeners hear an event of another run. */
  readonly hears: (event: AgentEvent) => boolean;
  /** A journal that does not answer is waited for until it fires, and a little longer. */
  readonly signal: AbortSignal;
  /** The session belongs to another writer now: every run of it must stop. */
  readonly onLost: (fault: Fault) => void;
  /** The journal failed at an event of this run: nothing is saved any more. */
  readonly onUnsaved: (fault: Fault) => void;
}

/** How many milliseconds a journal may take for one write once the run was cancelled or is over. */
export const journalGrace = 5_000;

/**
 * `lease` absent: nothing is kept. `redactPieces` absent: with `redact`, what a model says is shown when it is whole.
 * `onUnsaved` hears what the run hears whose event the journal failed at.
 */
export function createSessionStream(
  session: SessionFold,
  lease?: Lease,
  redact?: Redact,
  redactPieces: RedactPieces | undefined = redact && whenWhole(redact),
  onUnsaved: (fault: Fault) => void = () => undefined,
): SessionStream {
  const writers = new Set<StreamWriter>();
  let journal = lease;
  let seq = 0;
  /** Settles when all events so far are published. `undefined` while nothing is being awaited. */
  let pending: Promise<void> | undefined;
  let flushed: Promise<void> = Promise.resolve();

  function queue(batch: Batch, by: StreamWriter): Promise<void> | undefined {
    if (pending) return chain(pending.then(() => deliver(batch, by)));
    const delivery = deliver(batch, by);
    return delivery && chain(delivery);
  }

  function chain(delivery: Promise<void>): Promise<void> {
    pending = delivery;
    const clear = (): void => {
      if (pending === delivery) pending = undefined;
    };
    return delivery.then(clear);
  }

  function deliver({ events, durable }: Batch, by: StreamWriter): Promise<void> | undefined {
    const append = durable.length > 0 ? guard(() => journal?.append(durable), by) : undefined;
    if (append !== undefined) return append.then(() => publishAll(events, by));
    publishAll(events, by);
    return undefined;
  }

  function publishAll(events: readonly AgentEvent[], by: StreamWriter): void {
    for (const event of events) publish(event, by);
  }

  function publish(event: AgentEvent, by: StreamWriter): void {
    by.broadcast.publish(event);
    for (const writer of writers) {
      if (writer !== by && writer.hears(event)) writer.broadcast.publish(event);
    }
    if (event.type === "run-end") writers.delete(by);
  }

  /** A journal that fails costs the recording, not the run; one that was taken over costs all runs. */
  function guard(write: () => unknown, by: StreamWriter): Promise<void> | undefined {
    try {
      const written = write();
      return isPending(written) ? answered(written, by) : undefined;
    } catch (error) {
      lost(error, by);
      return undefined;
    }
  }

  function answered(written: PromiseLike<unknown>, by: StreamWriter): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = (): void => {
        forget();
        clearTimeout(timer);
        resolve();
      };
      const fail = (error: unknown): void => {
        lost(error, by);
        settle();
      };
      const forget = onAbort(by.signal, () => {
        timer = setTimeout(() => fail(new Error("the journal does not answer.")), journalGrace);
      });
      written.then(settle, fail);
    });
  }

  function lost(error: unknown, by: StreamWriter): void {
    if (!journal) return;
    journal = undefined;
    const fault = toFault(error, "journal-unwritable");
    if (fault.code === "lease-lost") {
      for (const writer of new Set([by, ...writers])) writer.onLost(fault);
      return;
    }
    const unsaved = { ...fault, message: `This session is no longer being saved: ${fault.message}` };
    by.onUnsaved(unsaved);
    onUnsaved(unsaved);
  }

  return {
    session,
    redact,
    redactPieces,
    questions: createQuestionLine(),
    isSaved: () => journal !== undefined && pending === undefined,
    settled: async () => {
      await pending;
    },
    send(bodies, about, by) {
      const events: AgentEvent[] = [];
      const durable: DurableEvent[] = [];
      for (const body of bodies) {
        // Whoever else writes to the session, between runs, has its numbers from the fold.
        seq = Math.max(seq, session.lastSeq) + 1;
        const event: AgentEvent = { seq, ...about, ...body };
        events.push(event);
        if (!isDurable(event)) continue;
        session.apply(event);
        durable.push(event);
      }
      return { events, shown: queue({ events, durable }, by) };
    },
    flush(by) {
      // One after the other, so that the last one to settle is the last one.
      flushed = flushed.then(async () => {
        await pending;
        await guard(() => journal?.flush(), by);
      });
      return flushed;
    },
    join: (writer) => {
      writers.add(writer);
    },
  };
}

/** Events that are sent together, and which of them the journal keeps. */
interface Batch {
  readonly events: readonly AgentEvent[];
  readonly durable: readonly DurableEvent[];
}

/** Pieces can be cut in the middle of a secret: all of them are looked at together. */
function whenWhole(redact: Redact): RedactPieces {
  return () => {
    let text = "";
    return {
      push: (piece) => {
        text += piece;
        return "";
      },
      end: () => redact(text),
    };
  };
}

function isPending(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
