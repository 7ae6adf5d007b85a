import type { CallContext } from "@claw/agent-core";
import type { CallClock } from "./call-clock.ts";

export interface OpenCall {
  readonly context: CallContext;
  readonly clock: CallClock;
}

/** The calls of one server that have no answer yet. What the server asks meanwhile is asked for one of them. */
export interface OpenCalls {
  readonly open: (call: OpenCall) => Disposable;
  /** The newest; the protocol does not always say which one a question belongs to. */
  readonly newest: () => OpenCall | undefined;
  /** Stops the clocks of all while somebody is asked. */
  readonly holdWhile: <Value>(ask: () => Promise<Value>) => Promise<Value>;
}

export function openCalls(): OpenCalls {
  const calls = new Set<OpenCall>();
  return {
    open: (call) => {
      calls.add(call);
      return { [Symbol.dispose]: () => void calls.delete(call) };
    },
    newest: () => [...calls].at(-1),
    holdWhile: async (ask) => {
      const released = [...calls].map(({ clock }) => clock.hold());
      try {
        return await ask();
      } finally {
        for (const release of released) release();
      }
    },
  };
}
