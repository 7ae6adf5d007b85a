import { type Message, plainText, type ToolMessage, text } from "@claw/agent-core";
import { recallHint, withContent } from "./cleared-result.ts";
import { contentSize } from "./content-size.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Cuts the largest results to their beginning and end, the newest too: for the case that what came with one reply is
 * more than the window holds.
 */
export function trimResults(): Strategy {
  return {
    name: "trim-results",
    shorten: async ({ messages, measure, target, reference }) => {
      let shorter: readonly Message[] | undefined;
      for (let room = 16_000; room >= 250 && measure(shorter ?? messages) > target; room /= 2) {
        const trimmed = messages.map((message) => trim(message, room, reference !== undefined));
        if (trimmed.some((message, index) => message !== messages[index])) shorter = trimmed;
      }
      return shorter;
    },
  };
}

function trim(message: Message, room: number, canRecall: boolean): Message {
  if (message.role !== "tool" || contentSize(message.outcome.content) <= room * 1.2) return message;
  return {
    ...message,
    outcome: withContent(message.outcome, [text(headAndTail(message, room, canRecall))]),
  };
}

function headAndTail(message: ToolMessage, room: number, canRecall: boolean): string {
  const whole = [...plainText(message.outcome.content)];
  const half = Math.floor(room / 2);
  const note = `[Cut to make room.${canRecall ? recallHint(message) : ""}]`;
  if (whole.length <= room) return `${whole.join("")}\n${note}`;
  return `${whole.slice(0, half).join("")}\n${note}\n${whole.slice(-half).join("")}`;
}
