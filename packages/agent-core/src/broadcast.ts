import { type AgentEvent, isDurable } from "./event.ts";
import { FaultError } from "./fault.ts";

/** Hands events to any number of listeners, none of which can slow down or harm the run or another listener. */
export interface Broadcast {
  readonly publish: (event: AgentEvent) => void;
  readonly close: () => void;
  readonly listen: (onLeave?: () => void) => AsyncIterableIterator<AgentEvent>;
}

/** A listener this far behind misses live events (its `seq` shows a gap), but none that is in the journal. */
export const softBacklog = 10_000;
/** A listener this far behind is let go: its iteration fails with `listener-overflow`. */
export const hardBacklog = 100_000;

interface Listener {
  queue: AgentEvent[];
  read: number;
  overflow: boolean;
  /** Wakes whoever asked for the next event before there was one. */
  waiting: (() => void)[];
}

export function createBroadcast(): Broadcast {
  const listeners = new Set<Listener>();
  let closed = false;

  /** No generator: leaving one that waits would wait, too, until the next event comes. */
  function iterate(listener: Listener, onLeave?: () => void): AsyncIterableIterator<AgentEvent> {
    const done = { done: true, value: undefined } as const;
    return {
      async next() {
        while (listeners.has(listener) || listener.read < listener.queue.length) {
          const event = take(listener);
          if (event) return { done: false, value: event };
          if (closed) break;
          await new Promise<void>((resolve) => {
            listener.waiting.push(resolve);
          });
        }
        const { overflow } = listener;
        listener.overflow = false;
        listeners.delete(listener);
        if (overflow) throw overflowFault();
        return done;
      },
      async return() {
        const staying = listeners.delete(listener) && !closed;
        listener.queue = [];
        listener.read = 0;
        wake(listener);
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
        accept(listener, event);
        if (listener.overflow) listeners.delete(listener);
      }
    },
    close() {
      closed = true;
      for (const listener of listeners) wake(listener);
    },
    listen(onLeave) {
      const listener: Listener = { queue: [], read: 0, overflow: false, waiting: [] };
      listeners.add(listener);
      return iterate(listener, onLeave);
    },
  };
}

function accept(listener: Listener, event: AgentEvent): void {
  const backlog = listener.queue.length - listener.read;
  if (backlog >= hardBacklog) {
    listener.queue = [];
    listener.read = 0;
    listener.overflow = true;
  } else if (backlog < softBacklog || isDurable(event)) {
    listener.queue.push(event);
  }
  wake(listener);
}

function take(listener: Listener): AgentEvent | undefined {
  const event = listener.queue[listener.read];
  if (event) listener.read += 1;
  if (
    listener.read === listener.queue.length ||
    (listener.read > 1024 && listener.read * 2 > listener.queue.length)
  ) {
    listener.queue = listener.queue.slice(listener.read);
    listener.read = 0;
  }
  return event;
}

function wake(listener: Listener): void {
  for (const next of listener.waiting.splice(0)) next();
}

function overflowFault(): FaultError {
  return new FaultError({
    code: "listener-overflow",
    message: `This listener fell ${hardBacklog} events behind and was let go; the run goes on.`,
    hint: "Read the missing events from the journal.",
  });
}
