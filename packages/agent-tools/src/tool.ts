import type {
  CallContext,
  CallTrace,
  Content,
  Effect,
  EffectClass,
  Reconciliation,
  ToolOutcome,
} from "@claw/agent-core";
import type { ToolInput, ToolSchema } from "./tool-schema.ts";

/** One thing a model can ask for. All that a tool needs it is given when it is made; a call brings only its context. */
export interface Tool<Schema extends ToolSchema = ToolSchema> extends ToolFace {
  readonly input: Schema;
  /** What this call will do, from the checked input alone: pure, cheap, and complete, with absolute paths. */
  readonly effects: (input: ToolInput<Schema>, context: EffectContext) => readonly Effect[];
  /** What a repeat would do. Left out: `pure` when every effect is a read or there is none, else `unknown`. */
  readonly effectClass?: (input: ToolInput<Schema>) => EffectClass;
  /** Whether the call may run beside others. Left out: when every effect is a read or there is none. */
  readonly concurrent?: (input: ToolInput<Schema>) => boolean;
  /** The deadline in milliseconds; `Infinity` for none. Left out: 10 minutes. */
  readonly timeoutMs?: number | ((input: ToolInput<Schema>) => number);
  /** Does it. Must stop when `context.signal` fires; one that does not is no longer waited for. */
  readonly run: (input: ToolInput<Schema>, context: ToolContext) => Promise<ToolResult> | ToolResult;
  /**
   * Finds out after a crash what became of a call that had begun: looks, and changes nothing. Not asked for calls of
   * class `pure` or `idempotent`, which are run again. Left out: such a call's outcome stays unknown.
   */
  readonly reconcile?: (
    input: ToolInput<Schema>,
    trace: CallTrace,
    signal: AbortSignal,
  ) => Promise<Reconciliation>;
}

/** A tool whose input type is forgotten, so that tools of all schemas fit in one list. */
export interface AnyTool extends ToolFace {
  readonly input: ToolSchema;
  readonly effects: (input: never, context: EffectContext) => readonly Effect[];
  readonly effectClass?: (input: never) => EffectClass;
  readonly concurrent?: (input: never) => boolean;
  readonly timeoutMs?: number | ((input: never) => number);
  readonly run: (input: never, context: ToolContext) => Promise<ToolResult> | ToolResult;
  readonly reconcile?: (input: never, trace: CallTrace, signal: AbortSignal) => Promise<Reconciliation>;
}

/** The part of a tool that does not depend on its input. */
export interface ToolFace {
  /** 1 to 128 letters, digits, underscores or hyphens. */
  readonly name: string;
  /** What a model reads to decide when and how to call it. */
  readonly description: string;
  /** Other names under which a model may call it; never shown. */
  readonly aliases?: readonly string[];
}

/** What effects may depend on besides the input. */
export interface EffectContext {
  /** Absolute. */
  readonly cwd: string;
}

/** What a tool is given for one call. */
export interface ToolContext extends CallContext {
  /** What the call was allowed to do: exactly what was judged. A path leads to its `target`, whatever stands there now. */
  readonly effects: readonly Effect[];
}

/** What a tool may return; a string or content is an `ok` outcome. */
export type ToolResult = string | Content | ToolOutcome;
