import type { ToolCallId } from "../ids.ts";
import type { Denial } from "../run-end.ts";
import type { SessionStream } from "../session-stream.ts";
import type { Spending } from "../spending.ts";
import type { Ask } from "./ask.ts";
import type { BeforeTool } from "./before-tool.ts";
import type { Policy } from "./policy.ts";
import type { HooksOf } from "./run-hooks.ts";

/**
 * A call as the place of a run: what a sub-agent is started within (`RunOptions.within`). It comes with a call's
 * context and from nowhere else, so that authority and budgets can only flow down. For `run` alone to look into.
 */
export interface CallScope {
  readonly call: ToolCallId;
  /** Runs around the call: 1 for a call of the conversation itself. */
  readonly depth: number;
  readonly stream: SessionStream;
  /** Of the run that the call belongs to: what a run within spends is spent there too. */
  readonly spending: Spending;
  /** Fires when the call is over or cancelled. */
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  /**
   * The same place for a run that is to go on in the background and starts later. To be taken while the call is not over:
   * then it is `undefined`.
   */
  readonly outlive: () => CallScope | undefined;
  /** The call is not over before this is. */
  readonly join: (ended: Promise<unknown>) => void;
  readonly policy: Policy;
  readonly ask: Ask;
  /** Told of every refusal in a run within the call. */
  readonly onDenial: (denial: Denial) => void;
  /** Of all runs around the call, the outermost first. */
  readonly beforeTool: readonly BeforeTool[];
  readonly hooks: HooksOf | undefined;
  /** The sub-agents whose runs are around the call, the outermost first. */
  readonly agents: readonly AgentIdentity[];
}

/** Who acts, where it is not the conversation itself. */
export interface AgentIdentity {
  /** Unique in the session. */
  readonly id: string;
  /** What it is called in its definition. */
  readonly name: string;
}
