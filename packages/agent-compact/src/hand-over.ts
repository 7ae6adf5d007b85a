import type { Message } from "@claw/agent-core";
import { carriedIn } from "./carried.ts";
import { keptWords } from "./kept-words.ts";
import type { Facts } from "./strategy.ts";
import { transcript } from "./transcript.ts";

/** What somebody needs who goes on with the work in another conversation. Made by code: there is no room to ask. */
export function handOver(messages: readonly Message[], facts: Facts): string {
  const carried = carriedIn(messages, facts);
  const said = keptWords(carried.user, 8_000).map((words) => `- ${words}`);
  const known = Object.entries(carried.facts).map(([name, value]) => `- ${name}: ${JSON.stringify(value)}`);
  return [
    "What the user said:",
    ...said,
    ...(known.length > 0 ? ["", "What is known:", ...known] : []),
    ...(carried.summary === undefined ? [] : ["", "What had happened before:", carried.summary]),
    "",
    "What happened last:",
    transcript(messages.slice(-6), { maxPart: 600 }),
  ].join("\n");
}
