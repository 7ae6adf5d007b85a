import type { Effect } from "../effect.ts";
import type { ToolCallId } from "../ids.ts";
import type { JsonValue } from "../json.ts";
import type { AgentIdentity } from "./call-scope.ts";

/**
 * Decides whether a call may happen. `undefined` is "no opinion": the loop then asks. A throw denies.
 * The request holds exactly what will run.
 */
export type Policy = (
  request: PermissionRequest,
  signal: AbortSignal,
) => Decision | undefined | Promise<Decision | undefined>;

export interface PermissionRequest {
  readonly call: ToolCallId;
  readonly tool: string;
  readonly input: JsonValue;
  readonly effects: readonly Effect[];
  /** Absolute. */
  readonly cwd: string;
  /** The sub-agent that makes the call. */
  readonly agent?: AgentIdentity;
  /** Why it is asked about; set once a policy said `ask`. */
  readonly reason?: string;
  /** Rules that together would allow it from now on, one for each part; set once a policy said `ask`. */
  readonly suggestions?: readonly string[];
}

export type Decision =
  | { readonly type: "allow"; readonly reason: string; readonly rule?: string }
  | { readonly type: "deny"; readonly reason: string; readonly rule?: string }
  | {
      readonly type: "ask";
      readonly reason: string;
      readonly rule?: string;
      /** Rules that together would allow exactly this from now on, one for each part; the narrowest useful ones. */
      readonly suggestions?: readonly string[];
      /** No rule asks for this question, and no guard: it is put because nothing allows the call. A hook may answer it. */
      readonly byDefault?: true;
    };
