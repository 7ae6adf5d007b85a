import { plainText } from "./content.ts";
import type { Fault } from "./fault.ts";
import { type AssistantMessage, toolCalls } from "./message.ts";

/**
 * What follows a reply. One that was cut off stays as far as it came, and the model is asked to go on; the request is
 * never made again as if nothing had been said.
 */
export type Continuation =
  | { readonly type: "whole" }
  | { readonly type: "go-on"; readonly why: "length" | "interrupted"; readonly words: string }
  | { readonly type: "give-up"; readonly error: Fault };

/** Cut off replies in a row that are gone on with, by why the latest of them was cut off. */
export const maxContinuations = { length: 3, interrupted: 2 } as const;

/** Judges one reply after the other. Counts in a row: only a whole reply that says something ends the count. */
export function createContinuations(): (reply: AssistantMessage) => Continuation {
  let inARow = 0;
  return (reply) => {
    const { stop } = reply;
    const said = plainText(reply.content).trim() !== "";
    if (!isCutOff(reply)) {
      if (stop.reason === "error") return { type: "give-up", error: stop.error };
      if (said || toolCalls(reply).length > 0) inARow = 0;
      return { type: "whole" };
    }
    inARow += 1;
    const why = stop.reason === "error" ? "interrupted" : "length";
    if (inARow <= maxContinuations[why]) return { type: "go-on", why, words: said ? goOn[why] : nothingSaid };
    return { type: "give-up", error: stop.reason === "error" ? stop.error : cutOffFault };
  };
}

/**
 * Whether the reply ended before it was whole, and the same model may go on with it: by its length, or after it had
 * begun by a fault that may pass.
 */
export function isCutOff({ stop, content }: AssistantMessage): boolean {
  if (stop.reason !== "error") return stop.reason === "length";
  return stop.error.retryable && content.some((part) => part.type === "tool-call" || part.text !== "");
}

const goOn = {
  length: "Your reply was cut off by its length limit. Go on exactly where it ended.",
  interrupted: "Your reply was cut off by a lost connection. Go on exactly where it ended.",
} as const;
const nothingSaid = "Your reply was cut off before it said anything. Answer again.";

const cutOffFault: Fault = {
  code: "reply-cut-off",
  message: `The reply was cut off by its length limit ${maxContinuations.length + 1} times in a row.`,
  hint: "Allow longer replies, or ask for less at once.",
};
