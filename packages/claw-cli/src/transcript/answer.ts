import { type AgentEvent, isCutOff, plainText } from "@claw/agent-sdk";

/**
 * The text of the answers as it arrives, from deltas or, where a model does not stream, from whole messages.
 * `boundary`: a text part has ended, and not because its reply was cut off: then the next one goes on with it.
 * Sub-agents are left out.
 */
export function createAnswer(
  onText: (delta: string) => void,
  onBoundary: () => void,
): (event: AgentEvent) => void {
  let index: number | undefined;
  return (event) => {
    if (event.parent !== undefined) return;
    if (event.type === "message-delta" && event.delta.type === "text-delta") {
      if (index !== undefined && index !== event.delta.index) onBoundary();
      index = event.delta.index;
      onText(event.delta.delta);
    } else if (event.type === "message" && event.message.role === "assistant") {
      if (index === undefined) onText(plainText(event.message.content));
      index = undefined;
      if (!isCutOff(event.message)) onBoundary();
    }
  };
}
