import type { AssistantMessage } from "@claw/agent-core";

/**
 * Adds the money that attempts took before to the cost of the next one; tokens stay each message's own. As soon as one
 * that was served has no known price, the sum has none. A failure that reports no tokens was not served.
 */
export function sumAttempts(): (message: AssistantMessage) => AssistantMessage {
  let attempts = 0;
  let known: number | undefined;
  let unknown = false;
  return (message) => {
    const { cost, ...usage } = message.usage;
    attempts += 1;
    unknown ||= cost === undefined && wasServed(message);
    if (cost !== undefined) known = (known ?? 0) + cost;
    if (attempts === 1) return message;
    return { ...message, usage: unknown || known === undefined ? usage : { ...usage, cost: known } };
  };
}

function wasServed({ stop, usage }: AssistantMessage): boolean {
  return stop.reason !== "error" || usage.input !== undefined || usage.output !== undefined;
}
