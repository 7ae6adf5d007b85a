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
  wake: (() => void) | undefined;
}

export function createBroadcast(): Broadcast {
  const listeners = new Set<Listener>();
  let closed = false;

  function* drained(listener: Listener): Generator<AgentEvent> {
    while (listener.read < listener.queue.length) {
      const event = listener.queue[listener.read++];
      if (event) yield event;
      if (listener.read > 1024 && listener.read * 2 > listener.queue.length) {
        listener.queue = listener.queue.slice(listener.read);
        listener.read = 0;
      }
    }
    listener.queue = [];
    listener.read = 0;
  }

  async function* iterate(listener: Listener, onLeave?: () => void): AsyncGenerator<AgentEvent> {
    try {
      for (;;) {
        yield* drained(listener);
        if (listener.overflow) throw overflow();
        if (closed) return;
        await new Promise<void>((resolve) => {
          listener.wake = resolve;
        });
      }
    } finally {
      listeners.delete(listener);
      if (!closed) onLeave?.();
    }
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
      const listener: Listener = { queue: [], read: 0, overflow: false, wake: undefined };
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

function wake(listener: Listener): void {
  listener.wake?.();
  listener.wake = undefined;
}

function overflow(): FaultError {
  return new FaultError({
    code: "listener-overflow",
    message: `This listener fell ${hardBacklog} events behind and was let go; the run goes on.`,
    hint: "Read the missing events from the journal.",
  });
}
