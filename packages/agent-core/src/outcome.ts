import { type Content, text } from "./content.ts";
import type { Fault } from "./fault.ts";
import type { JsonValue } from "./json.ts";

/** How a tool call ended. Four kinds, so that nobody has to read the text to know. */
export type ToolOutcome =
  | {
      readonly status: "ok";
      readonly content: Content;
      /** For people and logs (a diff, an exit code); never sent to a model. */
      readonly details?: JsonValue;
    }
  | {
      readonly status: "failed";
      readonly content: Content;
      readonly error: ToolFault;
      readonly details?: JsonValue;
    }
  | { readonly status: "denied"; readonly by: DeniedBy; readonly content: Content }
  | { readonly status: "cancelled"; readonly content: Content };

/** `nobody`: a question came up and there was no one to answer it. */
export type DeniedBy = "policy" | "user" | "hook" | "nobody";

export type ToolFault = Fault<ToolFaultCode>;

export type ToolFaultCode =
  /** The arguments are not JSON, or the reply was cut off inside them. */
  | "malformed-input"
  /** The arguments do not fit the schema. */
  | "invalid-input"
  | "unknown-tool"
  /** The tool is known but cannot run now, such as when its server is away. */
  | "unavailable"
  /** The tool did its work and reports failure, such as a command's exit code. */
  | "tool-failed"
  /** The tool broke: it threw, or returned what no tool may return. */
  | "tool-broken"
  | "timed-out"
  /** A crash hid the end: whether the call took effect is not known. */
  | "outcome-unknown";

/** The outcome of a call that was stopped or never started because the run is ending. */
export function cancelled(why = "The run was cancelled before this call was done."): ToolOutcome {
  return { status: "cancelled", content: [text(why)] };
}

export function failed(code: ToolFaultCode, message: string): ToolOutcome {
  return { status: "failed", content: [text(message)], error: { code, message } };
}
