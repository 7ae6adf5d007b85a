import type { Fault } from "./fault.ts";
import type { ToolCallId } from "./ids.ts";
import type { DeniedBy } from "./outcome.ts";
import type { Usage } from "./usage.ts";

/** How a run ended. Exactly one of these closes every run; exit codes derive from it. */
export type RunEnd = RunTotals & LoopEnd;

/** Why the loop stopped, before the totals are added. */
export type LoopEnd =
  | { readonly reason: "completed" | "max-turns" | "cancelled" | "refused" | "awaiting-permission" }
  | { readonly reason: "budget"; readonly limit: "tokens" | "cost" | "time" }
  | { readonly reason: "failed"; readonly error: Fault }
  | {
      readonly reason: "context-exhausted";
      readonly error: Fault;
      /** What somebody who goes on elsewhere needs to know. */
      readonly handOver?: string;
    };

export type RunEndReason = RunEnd["reason"];

export interface RunTotals {
  /** Of all model calls of this run, those of its sub-agents included. */
  readonly usage: Usage;
  /** Model requests of this run. */
  readonly turns: number;
  /** Those of its sub-agents included. */
  readonly denials: readonly Denial[];
  /** Calls that a crash cut off and that may or may not have taken effect: they were not run again. */
  readonly parked: readonly ParkedCall[];
  /** Ids of background tasks that still ran. */
  readonly unfinishedTasks: readonly string[];
}

export interface Denial {
  readonly call: ToolCallId;
  readonly tool: string;
  readonly by: DeniedBy;
  readonly reason: string;
}

export interface ParkedCall {
  readonly call: ToolCallId;
  readonly tool: string;
}
