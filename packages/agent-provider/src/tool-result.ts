import { type Content, plainText, type ToolOutcome } from "@claw/agent-core";

/** What a model is told about a call: its content, never its details. */
export interface ToolResult {
  readonly content: Content;
  /** Failed, denied and cancelled alike: the call did not do what was asked. */
  readonly isError: boolean;
}

/** The result of a call as a model sees it; never empty. */
export function toolResult(outcome: ToolOutcome): ToolResult {
  const isError = outcome.status !== "ok";
  const hasContent =
    outcome.content.some((part) => part.type !== "text") || plainText(outcome.content).trim() !== "";
  if (hasContent) return { content: outcome.content, isError };
  return { content: [{ type: "text", text: wordsFor(outcome) }], isError };
}

function wordsFor(outcome: ToolOutcome): string {
  switch (outcome.status) {
    case "ok":
      return "(no output)";
    case "failed":
      return outcome.error.message;
    case "denied":
      return "The call was denied.";
    case "cancelled":
      return "The call was cancelled.";
  }
}
