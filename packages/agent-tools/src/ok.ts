import { type Content, type JsonValue, type ToolOutcome, text } from "@claw/agent-core";

/** A call that worked. `details` are for people and logs and never reach a model. */
export function ok(content: string | Content, details?: JsonValue): ToolOutcome {
  return {
    status: "ok",
    content: typeof content === "string" ? [text(content)] : content,
    ...(details === undefined ? {} : { details }),
  };
}
