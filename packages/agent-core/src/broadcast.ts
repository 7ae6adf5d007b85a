import { type AgentEvent, isDurable } from "./event.ts";
import { roughBytes } from "./event-size.ts";
import { FaultError } from "./fault.ts";

/** Hands events to any number of listeners, none of which can slow down or harm the run or another listener. */
export interface Broadcast {
  readonly publish: (event: AgentEvent) => void;
  readonly close: () => void;
  readonly listen: (onLeave?: () => void) => AsyncIterableIterator<AgentEvent>;
}

/** How far behind a listener is. Bytes are estimated: two a character, some for each value. */
export interface Backlog {
  readonly events: number;
  readonly bytes: number;
}

/** A listener this far behind, in either, misses live events (its `seq` shows a gap), but none that is in the journal. */
export const softBacklog: Backlog = { events: 10_000, bytes: 16 * 2 ** 20 };
/** A listener this far behind, in either, is let go: its iteration fails with `listener-overflow`. */
export const hardBacklog: Backlog = { events: 100_000, bytes: 128 * 2 ** 20 };

type Next = IteratorResult<AgentEvent, undefined>;

interface Listener {
  queue: AgentEvent[];
  /** Of each event in `queue`. */
  sizes: number[];
  /** Of those that were not read. */
  bytes: number;
  read: number;
  overflow: boolean;
  /** Who asked for events before there were any: they get them as they come, past the queue. */
  readonly waiting: ((next: Next) => void)[];
}

export function createBroadcast(): Broadcast {
  const listeners = new Set<Listener>();
  let closed = false;

  function next(listener: Listener): Promise<Next> {
    const event = take(listener);
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (!closed && listeners.has(listener)) {
      return new Promise((resolve) => {
        listener.waiting.push(resolve);
      });
    }
    const { overflow } = listener;
    listener.overflow = false;
    listeners.delete(listener);
    return overflow ? Promise.reject(overflowFault()) : Promise.resolve(done);
  }

  /** No generator: leaving one that waits would wait, too, until the next event comes. */
  function iterate(listener: Listener, onLeave?: () => void): AsyncIterableIterator<AgentEvent> {
    return {
      next: () => next(listener),
      async return() {
        const staying = listeners.delete(listener) && !closed;
        clear(listener);
        dismiss(listener);
        if (staying) onLeave?.();
        return done;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    publish(event) {
      for (const listener of listeners) {
        const waiting = listener.waiting.shift();
        if (waiting !== undefined) waiting({ done: false, value: event });
        else keep(listener, event);
        if (listener.overflow) listeners.delete(listener);
      }
    },
    close() {
      closed = true;
      for (const listener of listeners) dismiss(listener);
    },
    listen(onLeave) {
      const listener: Listener = {
        queue: [],
        sizes: [],
        bytes: 0,
        read: 0,
        overflow: false,
        waiting: [],
      };
      listeners.add(listener);
      return iterate(listener, onLeave);
    },
  };
}

const done = { done: true, value: undefined } as const;

/** For a listener that is behind. */
function keep(listener: Listener, event: AgentEvent): void {
  if (isBehind(listener, hardBacklog)) {
    clear(listener);
    listener.overflow = true;
  } else if (!isBehind(listener, softBacklog) || isDurable(event)) {
    const size = sizeOf(event);
    listener.queue.push(event);
    listener.sizes.push(size);
    listener.bytes += size;
  }
}

function isBehind({ queue, read, bytes }: Listener, limit: Backlog): boolean {
  return queue.length - read >= limit.events || bytes >= limit.bytes;
}

function clear(listener: Listener): void {
  listener.queue = [];
  listener.sizes = [];
  listener.bytes = 0;
  listener.read = 0;
}

/** Most events are deltas, and theirs is told at once. */
function sizeOf(event: AgentEvent): number {
  if (event.type !== "message-delta") return roughBytes(event);
  return deltaBytes + ("delta" in event.delta ? 2 * event.delta.delta.length : 0);
}

/** What a delta takes beside its text, as it is estimated for every other event. */
const deltaBytes = 400;

function take(listener: Listener): AgentEvent | undefined {
  const event = listener.queue[listener.read];
  if (event) {
    listener.bytes -= listener.sizes[listener.read] ?? 0;
    listener.read += 1;
  }
  if (
    listener.read === listener.queue.length ||
    (listener.read > 1024 && listener.read * 2 > listener.queue.length)
  ) {
    listener.queue = listener.queue.slice(listener.read);
    listener.sizes = listener.sizes.slice(listener.read);
    listener.read = 0;
  }
  return event;
}

/** There will be nothing for who waits. */
function dismiss({ waiting }: Listener): void {
  for (const resolve of waiting.splice(0)) resolve(done);
}

function overflowFault(): FaultError {
  return new FaultError({
    code: "listener-overflow",
    message: "This listener fell too far behind and was let go; the run goes on.",
    hint: "Read the missing events from the journal.",
  });
}
