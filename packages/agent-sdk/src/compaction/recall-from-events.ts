import { type DurableEvent, foldSession, type Message, plainText } from "@claw/agent-core";
import type { Recall } from "@claw/tools-builtin";

/** A conversation from its beginning; what happened inside of its calls has a `parent`. */
type Events = () => AsyncIterable<DurableEvent>;

/**
 * Finds what was left out of a conversation in its events: the result of a call by the call's id, and all that one
 * compaction left out by its number, as in `c2`.
 */
export function recallFromEvents(events: Events): Recall {
  return async (reference, signal) => {
    const number = /^c([1-9]\d{0,5})$/.exec(reference)?.[1];
    if (number === undefined) return resultOf(events, reference, signal);
    const messages = await leftOut(events, Number(number), signal);
    if (messages === undefined) return undefined;
    const { transcript } = await import("@claw/agent-compact");
    return transcript(messages);
  };
}

async function resultOf(events: Events, call: string, signal: AbortSignal): Promise<string | undefined> {
  for await (const event of events()) {
    signal.throwIfAborted();
    if (event.type !== "message" || event.parent !== undefined) continue;
    if (event.message.role === "tool" && event.message.call === call) {
      return plainText(event.message.outcome.content);
    }
  }
  return undefined;
}

async function leftOut(
  events: Events,
  number: number,
  signal: AbortSignal,
): Promise<readonly Message[] | undefined> {
  const before = foldSession();
  for await (const event of events()) {
    signal.throwIfAborted();
    if (event.type === "compaction" && event.parent === undefined && before.compactions + 1 === number) {
      return event.edits.flatMap(({ from, to }) => before.messages.slice(from, to));
    }
    before.apply(event);
  }
  return undefined;
}
