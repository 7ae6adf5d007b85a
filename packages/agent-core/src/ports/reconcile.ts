import type { ToolCallId } from "../ids.ts";
import type { JsonValue } from "../json.ts";
import type { ToolOutcome } from "../outcome.ts";

/**
 * Finds out what became of a call whose end a crash hid. It only looks and changes nothing; the call was permitted
 * again before. A throw counts as `unknown`.
 */
export type Reconcile = (trace: CallTrace, signal: AbortSignal) => Promise<Reconciliation>;

/** What the journal knows of a call that began. */
export interface CallTrace {
  readonly call: ToolCallId;
  /** Absolute. */
  readonly cwd: string;
  /** The one that the call itself was given. */
  readonly idempotencyKey: string;
  /** What the call last said through `CallContext.plan`; absent: it had not got that far. */
  readonly plan?: JsonValue;
}

export type Reconciliation =
  /** It took effect; this is what it would have answered. */
  | { readonly type: "done"; readonly outcome: ToolOutcome }
  /** It had no effect at all, so it is run. */
  | { readonly type: "not-done" }
  | { readonly type: "unknown" };
