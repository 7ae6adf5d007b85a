import { type Content, type ToolMessage, type ToolOutcome, text } from "@claw/agent-core";

/** How the model gets the whole of a result. */
export function recallHint({ call }: ToolMessage): string {
  return ` Recall with reference "${call}" gives the whole result.`;
}

/** The same result without its content, and how to get it back. */
export function clearedResult(message: ToolMessage, why: string, canRecall: boolean): ToolMessage {
  const words = `${mark} ${why}${canRecall ? recallHint(message) : " Make the call again if you need it."}]`;
  return { ...message, outcome: withContent(message.outcome, [text(words)]) };
}

export function isCleared({ outcome }: ToolMessage): boolean {
  const [first] = outcome.content;
  return first?.type === "text" && first.text.startsWith(mark);
}

/** How an outcome ended stays; what people saw of it is in the journal. */
export function withContent(outcome: ToolOutcome, content: Content): ToolOutcome {
  if (outcome.status !== "ok" && outcome.status !== "failed") return { ...outcome, content };
  const { details: _details, ...rest } = outcome;
  return { ...rest, content };
}

const mark = "[Left out to make room.";
