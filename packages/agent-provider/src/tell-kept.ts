import type { AssistantMessage, AssistantPart } from "@claw/agent-core";

/** A reply that failed after it had begun says in its fault how much of it was kept. */
export function tellKept(message: AssistantMessage): AssistantMessage {
  const { stop, content } = message;
  if (stop.reason !== "error") return message;
  const kept = keptWords(content);
  if (kept === "") return message;
  return {
    ...message,
    stop: { ...stop, error: { ...stop.error, message: `${sentence(stop.error.message)} ${kept}` } },
  };
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) || words.endsWith("…") ? words : `${words}.`;
}

function keptWords(content: readonly AssistantPart[]): string {
  let text = 0;
  let reasoning = 0;
  let whole = 0;
  let half = 0;
  for (const part of content) {
    if (part.type === "text") text += characters(part.text);
    else if (part.type === "reasoning") reasoning += characters(part.text);
    else if (part.malformed === undefined) whole += 1;
    else half += 1;
  }
  const amounts = [
    amount(text, "character of text", "characters of text"),
    amount(reasoning, "character of reasoning", "characters of reasoning"),
    amount(whole, "whole tool call", "whole tool calls"),
    amount(half, "half tool call", "half tool calls"),
  ].filter((words) => words !== "");
  return amounts.length === 0 ? "" : `Kept: ${amounts.join(", ")}.`;
}

/** Counted one by one: a reply may be tens of millions of them, and an array of those is a gigabyte. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function amount(count: number, one: string, many: string): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}
