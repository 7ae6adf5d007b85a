import type { Broadcast } from "./broadcast.ts";
import {
  type AgentEvent,
  type DurableBody,
  type DurableEvent,
  type Envelope,
  type EphemeralBody,
  isDurable,
} from "./event.ts";
import { fitsEvent, maxEventBytes } from "./event-size.ts";
import { type Fault, FaultError, toFault } from "./fault.ts";
import type { RunId, ToolCallId } from "./ids.ts";
import { onAbort } from "./on-abort.ts";
import { plainJson } from "./plain-json.ts";
import type { Lease } from "./ports/journal.ts";
import type { SessionFold } from "./session-fold.ts";

/**
 * Numbers events, writes the durable ones to the journal, and only then shows them to listeners, in order. Events are
 * plain JSON from here on, whoever had a part in them, and nothing follows a `run-end`.
 */
export interface Recorder {
  /**
   * Resolves when the event is as durable as the journal makes it; for a journal that fails see `onLost`. Rejects
   * only for what no journal can keep: what cannot be JSON at all, and with `event-too-large` what does not fit.
   */
  readonly record: (body: DurableBody, parent?: ToolCallId) => Promise<void>;
  readonly emit: (body: EphemeralBody, parent?: ToolCallId) => void;
  /** Asks the journal to survive a loss of power; a failure is a notice. */
  readonly flush: () => Promise<void>;
}

export interface RecorderOptions {
  readonly run: RunId;
  readonly session: SessionFold;
  readonly broadcast: Broadcast;
  readonly lease: Lease | undefined;
  readonly now: () => number;
  /** The run's. A journal that does not answer is waited for until it fires, and a little longer. */
  readonly signal: AbortSignal;
  /** The session belongs to another writer now: this run must stop. */
  readonly onLost: (fault: Fault) => void;
}

/** How many milliseconds a journal may take for one write once the run was cancelled or is over. */
export const journalGrace = 5_000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { session, broadcast, now, run } = options;
  let lease = options.lease;
  let seq = session.lastSeq;
  /** Settles when all events so far are published. `undefined` while nothing is being awaited. */
  let pending: Promise<void> | undefined;
  let flushed: Promise<void> = Promise.resolve();
  let over = false;

  function envelope(parent: ToolCallId | undefined): Envelope {
    seq += 1;
    return { seq, run, ...(parent === undefined ? {} : { parent }), at: now() };
  }

  function send(event: AgentEvent): Promise<void> | undefined {
    if (pending) return chain(pending.then(() => deliver(event)));
    const delivery = deliver(event);
    return delivery && chain(delivery);
  }

  function chain(delivery: Promise<void>): Promise<void> {
    pending = delivery;
    const clear = (): void => {
      if (pending === delivery) pending = undefined;
    };
    return delivery.then(clear);
  }

  function deliver(event: AgentEvent): Promise<void> | undefined {
    const append = isDurable(event) ? guard(() => lease?.append([event])) : undefined;
    if (append !== undefined) return append.then(() => broadcast.publish(event));
    broadcast.publish(event);
    return undefined;
  }

  /** A journal that fails costs the recording, not the run; one that was taken over costs the run. */
  function guard(write: () => unknown): Promise<void> | undefined {
    try {
      const written = write();
      return isPending(written) ? answered(written) : undefined;
    } catch (error) {
      lost(error);
      return undefined;
    }
  }

  function answered(written: PromiseLike<unknown>): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = (): void => {
        forget();
        clearTimeout(timer);
        resolve();
      };
      const fail = (error: unknown): void => {
        lost(error);
        settle();
      };
      const forget = onAbort(options.signal, () => {
        timer = setTimeout(() => fail(new Error("the journal does not answer.")), journalGrace);
      });
      written.then(settle, fail);
    });
  }

  function lost(error: unknown): void {
    if (!lease) return;
    lease = undefined;
    const fault = toFault(error, "journal-unwritable");
    if (fault.code === "lease-lost") {
      options.onLost(fault);
      return;
    }
    const text = `This session is no longer being saved: ${fault.message}`;
    queueMicrotask(() => emit({ type: "notice", level: "warning", code: fault.code, text }));
  }

  function emit(said: EphemeralBody, parent?: ToolCallId): void {
    const body = over ? undefined : shown(said);
    if (body === undefined) return;
    const sending = send({ ...envelope(parent), ...body });
    sending?.catch(() => undefined); // deliver never rejects; this only says so to the runtime
  }

  return {
    async record(said, parent) {
      const body = plainJson(said);
      if (over) return;
      over = body.type === "run-end";
      if (!over && !fitsEvent(body)) throw new FaultError(tooLarge);
      const event: DurableEvent = { ...envelope(parent), ...body };
      session.apply(event);
      await send(event);
    },
    emit,
    flush() {
      // One after the other, so that the last one to settle is the last one.
      flushed = flushed.then(async () => {
        await pending;
        await guard(() => lease?.flush());
      });
      return flushed;
    },
  };
}

const tooLarge: Fault = {
  code: "event-too-large",
  message: `A message of more than ${maxEventBytes / 2 ** 20} MiB cannot be kept in a session.`,
  hint: "Name a file instead of sending what is in it.",
};

/** A live event that cannot be JSON is for nobody. */
function shown(body: EphemeralBody): EphemeralBody | undefined {
  try {
    return plainJson(body);
  } catch {
    return undefined;
  }
}

function isPending(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
