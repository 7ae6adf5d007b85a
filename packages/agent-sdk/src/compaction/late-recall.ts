import type { DurableEvent } from "@claw/agent-core";
import type { Recall } from "@claw/tools-builtin";

/** Looks into the events of a conversation when it is first asked to. */
export function lateRecall(events: () => AsyncIterable<DurableEvent>): Recall {
  return async (reference, signal) => {
    const { recallFromEvents } = await import("./recall-from-events.ts");
    return recallFromEvents(events)(reference, signal);
  };
}
