import type { JsonValue } from "../json.ts";
import type { UserMessage } from "../message.ts";
import type { ToolOutcome } from "../outcome.ts";

/**
 * Says what a run begins with besides its prompt, such as the instructions of files. Asked once, before the first
 * request. A throw ends the run as `failed`.
 */
export type Opening = (context: OpeningContext, signal: AbortSignal) => Promise<OpeningWords>;

export interface OpeningContext {
  /** Makes a call through the pipeline: validated, permitted, journaled. Its outcome is no part of the conversation. */
  readonly invoke: (tool: string, input: JsonValue) => Promise<ToolOutcome>;
}

export interface OpeningWords {
  readonly before?: readonly UserMessage[];
  readonly after?: readonly UserMessage[];
}
