import type { JsonObject, ModelFault, Usage } from "@claw/agent-core";
import type { StopReason } from "../reply.ts";

/** What a stub says: one reply for each request, in order. */
export interface StubScript {
  readonly replies: readonly StubReply[];
}

export interface StubReply {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly StubToolCall[];
  /** The request fails with this, after what `text` and the others say. */
  readonly error?: StubError;
  /** Waited before the first delta. */
  readonly delayMs?: number;
  /** Why the reply ends. By default as its content says: tool calls, or the end. */
  readonly stop?: StopReason;
  /** By default: no tokens, no cost. */
  readonly usage?: Usage;
  /** Into how many deltas the text is cut. By default about one for every three words. */
  readonly chunks?: number;
}

/** `raw` is the text of the arguments as a model may write it, valid or not. */
export type StubToolCall =
  | { readonly name: string; readonly input: JsonObject }
  | { readonly name: string; readonly raw: string };

export interface StubError {
  readonly code: ModelFault["code"];
  readonly message?: string;
  /** Default false. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}
