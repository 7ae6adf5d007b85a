import type { Message } from "@claw/agent-core";
import { clearedResult, isCleared } from "./cleared-result.ts";
import { contentSize } from "./content-size.ts";
import type { Strategy } from "./strategy.ts";

export interface ClearResultsOptions {
  /** Replies whose results are left alone, counted from the end. Default: 4. */
  readonly keepReplies?: number;
  /** A smaller result is not worth a reference: its size in characters. Default: 400. */
  readonly minCharacters?: number;
  /**
   * The part of the room that must be won, or nothing is done: each clearing makes the vendor read everything
   * behind it again. Default: 0.1.
   */
  readonly minGain?: number;
}

/** Replaces old results of tools by references, many at once, so that the prompt's beginning changes rarely. */
export function clearResults(options: ClearResultsOptions = {}): Strategy {
  const { keepReplies = 4, minCharacters = 400, minGain = 0.1 } = options;
  return {
    name: "clear-results",
    shorten: async ({ messages, measure, room, reference }) => {
      const end = beginningOfLast(messages, keepReplies);
      const shorter = messages.map((message, index) => {
        if (index >= end || message.role !== "tool" || isCleared(message)) return message;
        if (contentSize(message.outcome.content) < minCharacters) return message;
        return clearedResult(message, "This result is old.", reference !== undefined);
      });
      const won = measure(messages) - measure(shorter);
      return won >= room * minGain ? shorter : undefined;
    },
  };
}

/** Where the last `count` replies begin. */
function beginningOfLast(messages: readonly Message[], count: number): number {
  let left = count;
  for (let index = messages.length - 1; index >= 0; index--) {
    if (messages[index]?.role !== "assistant") continue;
    left -= 1;
    if (left <= 0) return index;
  }
  return 0;
}
