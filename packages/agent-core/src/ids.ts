import type { Brand } from "./brand.ts";
import { FaultError } from "./fault.ts";

/** Names one session: one journal, one conversation. Safe as a file name. */
export type SessionId = Brand<string, "SessionId">;
/** Names one run: from one prompt to its `run-end`. */
export type RunId = Brand<string, "RunId">;
/** Names one tool call. Ours, never the vendor's: each protocol maps it to its own alphabet. */
export type ToolCallId = Brand<string, "ToolCallId">;

/** Whether a text may name a tool call. What a model writes as an id need not. */
export function isToolCallId(value: unknown): value is ToolCallId {
  return typeof value === "string" && pattern.test(value);
}

const pattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** @throws FaultError `invalid-id` when the text cannot be a file name on every system. */
export function sessionId(text: string): SessionId {
  return checked(text, "session") as SessionId; // the only place that makes one
}

/** @throws FaultError `invalid-id` */
export function runId(text: string): RunId {
  return checked(text, "run") as RunId; // the only place that makes one
}

/** @throws FaultError `invalid-id` */
export function toolCallId(text: string): ToolCallId {
  return checked(text, "tool call") as ToolCallId; // the only place that makes one
}

function checked(text: string, kind: string): string {
  if (pattern.test(text)) return text;
  throw new FaultError({
    code: "invalid-id",
    message: `"${text.slice(0, 200)}" is not a valid ${kind} id.`,
    hint: "Use 1 to 128 letters, digits, dots, hyphens or underscores, and start with a letter or a digit.",
  });
}
