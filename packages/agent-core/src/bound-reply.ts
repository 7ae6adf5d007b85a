import { fitsEvent, maxEventBytes } from "./event-size.ts";
import type { AssistantMessage, AssistantPart } from "./message.ts";
import type { ModelFault } from "./model-fault.ts";

/** The reply; where no journal could keep it, a failed one with the beginning of its words and none of its calls. */
export function boundReply(reply: AssistantMessage): AssistantMessage {
  if (fitsEvent(reply)) return reply;
  const { stop } = reply;
  const content = beginning(reply.content);
  return { ...reply, content, stop: stop.reason === "aborted" ? stop : { reason: "error", error: tooLarge } };
}

function beginning(content: AssistantMessage["content"]): AssistantMessage["content"] {
  const kept: AssistantPart[] = [];
  let room = keptCharacters;
  for (const part of content) {
    if (part.type === "tool-call") continue;
    if (room <= 0) break;
    // Not in the middle of a character.
    const text = part.text.slice(0, room).replace(/[\ud800-\udbff]$/, "");
    kept.push({ type: part.type, text });
    room -= text.length + partCost;
  }
  return kept;
}

/** Six bytes of JSON each at most, so that what is kept always fits. */
const keptCharacters = maxEventBytes / 8;
const partCost = 100;

const tooLarge: ModelFault = {
  code: "bad-response",
  message: `The reply is larger than ${maxEventBytes / 2 ** 20} MiB; only its beginning was kept.`,
  retryable: false,
};
