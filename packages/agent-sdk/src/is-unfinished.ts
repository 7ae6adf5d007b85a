import type { SessionState } from "@claw/agent-core";

/** Whether the last run of a session waits for a permission, or was cut off before it was answered. */
export function isUnfinished({ lastEnd, lastSeq, openCalls, messages }: SessionState): boolean {
  if (lastEnd !== undefined) return lastEnd.reason === "awaiting-permission";
  const last = messages.at(-1);
  return lastSeq > 0 && last !== undefined && (openCalls.length > 0 || last.role !== "assistant");
}
