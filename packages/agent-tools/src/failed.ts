import { type JsonValue, type ToolFaultCode, type ToolOutcome, text } from "@claw/agent-core";

/** A call that failed: the message is what the model reads. `details` are for people and logs. */
export function failed(code: ToolFaultCode, message: string, details?: JsonValue): ToolOutcome {
  return {
    status: "failed",
    content: [text(message)],
    error: { code, message },
    ...(details === undefined ? {} : { details }),
  };
}
