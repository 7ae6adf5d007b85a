import type { CallContext } from "@claw/agent-core";
import type { CallClock } from "./call-clock.ts";

export interface OpenCall {
  readonly context: CallContext;
  readonly clock: CallClock;
}

/** One of them, and whether its server may ask the model once more for it: each time is a call of its own in the journal. */
export interface AskingCall extends OpenCall {
  readonly mayAskModel: () => boolean;
}

/** Times that the model is asked for one call of a server. */
const mostModelRequests = 100;

/** The calls of one server that have no answer yet. What the server asks meanwhile is asked for one of them. */
export interface OpenCalls {
  readonly open: (call: OpenCall) => Disposable;
  /** The newest; the protocol does not always say which one a question belongs to. */
  readonly newest: () => AskingCall | undefined;
  /** Stops the clocks of all while somebody is asked. */
  readonly holdWhile: <Value>(ask: () => Promise<Value>) => Promise<Value>;
}

export function openCalls(): OpenCalls {
  const calls = new Set<AskingCall>();
  return {
    open: (call) => {
      let asked = 0;
      const mayAskModel = (): boolean => {
        asked += 1;
        return asked <= mostModelRequests;
      };
      const opened = { ...call, mayAskModel };
      calls.add(opened);
      return { [Symbol.dispose]: () => void calls.delete(opened) };
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
