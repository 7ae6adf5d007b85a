import type { Message } from "@claw/agent-core";
import { carriedIn, carriedMessage } from "./carried.ts";
import { charactersOf } from "./characters-of.ts";
import { splits } from "./splits.ts";
import type { Strategy } from "./strategy.ts";

/** Leaves out the oldest messages until the rest fits, and carries what code can: the last resort. */
export function dropOldest(): Strategy {
  return {
    name: "drop-oldest",
    shorten: async ({ messages, measure, target, room, reference, facts }) => {
      const known = await facts(messages);
      let best: readonly Message[] | undefined;
      for (const { left, pinned, stays } of splits(messages)) {
        const carried = carriedIn(left, known);
        best = [...pinned, carriedMessage(carried, reference, charactersOf(room) / 4), ...stays];
        if (measure(best) <= target) return best;
      }
      return best;
    },
  };
}
