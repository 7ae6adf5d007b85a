import type { Message } from "@claw/agent-core";

/**
 * The places in front of which a conversation may be cut: never between a call and its result, nor between a reply
 * that broke off and what went on with it. In ascending order; 0 is always one.
 */
export function safeCuts(messages: readonly Message[]): readonly number[] {
  const cuts: number[] = [];
  for (const [index, message] of messages.entries()) {
    if (index === 0 || isSafe(message, messages[index - 1])) cuts.push(index);
  }
  return cuts;
}

function isSafe(message: Message, before: Message | undefined): boolean {
  switch (message.role) {
    case "tool":
      return false;
    case "user":
      return message.origin !== "runtime";
    case "assistant":
      return !(before?.role === "user" && before.origin === "runtime");
  }
}
