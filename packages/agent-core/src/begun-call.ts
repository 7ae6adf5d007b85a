import type { ToolIntent } from "./event.ts";
import type { ToolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";

/** A call that stands in the journal as about to start, and has no outcome there yet. */
export interface BegunCall {
  readonly intent: ToolIntent;
  /** What it last said it was about to change. */
  readonly plan?: JsonValue;
  /** The call that it was made by; absent for one of the conversation itself. */
  readonly parent?: ToolCallId;
}
