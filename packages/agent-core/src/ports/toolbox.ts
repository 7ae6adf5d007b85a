import type { Effect, EffectClass } from "../effect.ts";
import type { ToolCallId } from "../ids.ts";
import type { JsonValue } from "../json.ts";
import type { ToolCallPart } from "../message.ts";
import type { ToolOutcome } from "../outcome.ts";
import type { CallScope } from "./call-scope.ts";
import type { ToolSpec } from "./model.ts";
import type { Reconcile } from "./reconcile.ts";

/** The tools of a run, as the loop needs them: what the model is shown, and how a call is made ready. */
export interface Toolbox {
  /** In a stable order: a change of it breaks the provider's prompt cache. */
  readonly specs: readonly ToolSpec[];
  /** Finds, parses and validates. Touches nothing, but that it may follow links: nothing has been permitted yet. */
  readonly prepare: (call: ToolCallPart) => Promise<Preparation>;
}

export type Preparation =
  | { readonly type: "ready"; readonly call: PreparedCall }
  /** Unknown tool or unusable input: answered with this outcome and never run. */
  | { readonly type: "rejected"; readonly outcome: ToolOutcome };

/** A call that fits its tool's schema. `effects` were computed from exactly the `input` that `run` will use. */
export interface PreparedCall {
  /** The tool's own name, where the model used an alias. */
  readonly tool: string;
  readonly input: JsonValue;
  readonly effects: readonly Effect[];
  readonly effectClass: EffectClass;
  /** May run beside other concurrent calls; otherwise it is a barrier. */
  readonly concurrent: boolean;
  /** Runs to an outcome that is bounded in size. A throw becomes a `failed` outcome. */
  readonly run: (context: CallContext) => Promise<ToolOutcome>;
  /** For a call that must not simply be run again after a crash. Absent: nobody can tell what became of it. */
  readonly reconcile?: Reconcile;
}

/** What every tool is given for one call; all else it got when it was constructed. */
export interface CallContext {
  readonly call: ToolCallId;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** The same for each attempt at this call, also after a crash. */
  readonly idempotencyKey: string;
  /** Shown to people while the tool runs; never sent to the model. */
  readonly progress: (text: string) => void;
  /** Puts into the journal what the call is about to change, for `reconcile` after a crash. Resolves when it stands there. */
  readonly plan: (detail: JsonValue) => Promise<void>;
  /** Makes a nested call through the same pipeline: validated, permitted, journaled. */
  readonly invoke: (tool: string, input: JsonValue) => Promise<ToolOutcome>;
  /** Where a sub-agent of this call runs. Absent where there is no run around the call, such as in a tool's own test. */
  readonly scope?: CallScope;
}
