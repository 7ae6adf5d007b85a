import type { AssistantMessage } from "./message.ts";

/**
 * A failure that says nothing and reports no tokens came before the model did: refused, unreachable, or too long for it. It has no
 * price that could be unknown.
 */
export function wasServed({ stop, usage, content }: AssistantMessage): boolean {
  const isFailure =
    stop.reason === "error" && (content.length === 0 || stop.error.code === "context-overflow");
  return !isFailure || usage.input !== undefined || usage.output !== undefined;
}
