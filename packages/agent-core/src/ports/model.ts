import type { ToolCallId } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import type { AssistantMessage, Message, ModelRef } from "../message.ts";
import type { ModelFault } from "../model-fault.ts";

/**
 * A model: any function that streams deltas and returns the whole message. Failure is a message whose `stop` is
 * `error`; what was streamed before it is kept in `content`. A throw is caught by the loop and becomes such a
 * message. Must stop when `signal` fires; the loop stops waiting for one that does not.
 */
export type Model = (
  request: ModelRequest,
  signal: AbortSignal,
) => AsyncGenerator<ModelDelta, AssistantMessage>;

export interface ModelRequest {
  /** Absent: no system field is sent. */
  readonly system?: string;
  /**
   * The conversation. Message objects never change, so that a protocol may keep each one's wire form; the array
   * itself is the loop's and is valid for the time of the call.
   */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly maxOutputTokens?: number;
  /** Stable for a session: lets a vendor route to a warm prompt cache. */
  readonly cacheKey?: string;
  /** How much to think before answering. Absent: the vendor's default, and nothing is sent. */
  readonly reasoning?: { readonly effort: "none" | "low" | "medium" | "high" };
  /**
   * The JSON that the answer's text must be. A vendor that cannot promise the schema does its best: look at what
   * came before you believe it.
   */
  readonly output?: OutputFormat;
}

export interface OutputFormat {
  /** JSON Schema, draft 2020-12, of type `object`. */
  readonly schema: JsonObject;
  /** What the answer is, in one word, for vendors that want one. */
  readonly name?: string;
}

/** A tool as a model sees it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema, draft 2020-12, of type `object`. */
  readonly inputSchema: JsonObject;
}

/** `index` is the place of the part in the reply's content: parts may interleave. */
export type ModelDelta =
  | { readonly type: "text-delta"; readonly index: number; readonly delta: string }
  | { readonly type: "reasoning-delta"; readonly index: number; readonly delta: string }
  | {
      readonly type: "tool-call-start";
      readonly index: number;
      readonly id: ToolCallId;
      readonly name: string;
    }
  /** A piece of the arguments' JSON text. */
  | { readonly type: "tool-input-delta"; readonly index: number; readonly delta: string }
  /** The request failed and will be sent again after `delayMs`. Only before the first content delta. */
  | {
      readonly type: "retry";
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: ModelFault;
      /** Set when it goes to another model this time. */
      readonly fallback?: { readonly from: ModelRef; readonly to: ModelRef };
    };
