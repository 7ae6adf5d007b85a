import type { Message } from "@claw/agent-core";
import { carriedIn, carriedMessage } from "./carried.ts";
import { charactersOf } from "./characters-of.ts";
import { chooseSplit, type Split } from "./choose-split.ts";
import type { Strategy } from "./strategy.ts";

/** Leaves out the oldest messages until the rest fits, and carries what code can: the last resort. */
export function dropOldest(): Strategy {
  return {
    name: "drop-oldest",
    shorten: async ({ messages, measure, target, room, reference, facts }) => {
      const known = await facts(messages);
      const without = ({ left, pinned, stays }: Split): readonly Message[] => {
        const carried = carriedIn(left, known);
        return [...pinned, carriedMessage(carried, reference, charactersOf(room) / 4), ...stays];
      };
      const split = chooseSplit(messages, (each) => measure(without(each)) <= target);
      return split && without(split);
    },
  };
}
