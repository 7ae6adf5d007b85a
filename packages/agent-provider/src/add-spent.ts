import type { AssistantMessage } from "@claw/agent-core";

/** The message with the money that attempts before it took added to its cost; its tokens stay its own. */
export function addSpent(message: AssistantMessage, spent: number | undefined): AssistantMessage {
  if (spent === undefined) return message;
  return { ...message, usage: { ...message.usage, cost: spent + (message.usage.cost ?? 0) } };
}
