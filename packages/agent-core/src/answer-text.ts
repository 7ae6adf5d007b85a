import { plainText } from "./content.ts";
import { isCutOff } from "./continuation.ts";
import { type AssistantMessage, type Message, toolCalls } from "./message.ts";

/**
 * The text of the answer to the human's last message: that of the last reply, together with the replies before it
 * that were cut off and gone on with. Empty when nothing was answered yet.
 */
export function answerText(messages: readonly Message[]): string {
  const pieces: string[] = [];
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message === undefined || isFromHuman(message)) break;
    if (message.role === "tool" && pieces.length > 0) break;
    if (message.role !== "assistant") continue;
    if (pieces.length > 0 && !wasGoneOnWith(message)) break;
    pieces.unshift(plainText(message.content));
  }
  return pieces.join("");
}

function isFromHuman(message: Message): boolean {
  return message.role === "user" && message.origin === "human";
}

/** A reply whose calls were answered is a step of its own. */
function wasGoneOnWith(reply: AssistantMessage): boolean {
  return isCutOff(reply) && toolCalls(reply).length === 0;
}
