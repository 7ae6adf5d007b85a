import type { AssistantMessage, Message } from "../message.ts";
import type { Usage } from "../usage.ts";
import type { ModelRequest } from "./model.ts";

/**
 * Makes a conversation shorter. Called before each request, and once after a request that did not fit; `undefined`
 * leaves it as it is. The loop checks each plan and refuses one that splits a call from its result, drops the last
 * message of the human, or does not make the conversation smaller; a pinned message that a plan leaves out is put back.
 */
export type Compact = (
  view: CompactView,
  signal: AbortSignal,
) => Promise<CompactionPlan | ContextExhausted | undefined>;

export interface CompactView {
  readonly messages: readonly Message[];
  readonly cause: "threshold" | "overflow" | "manual";
  /** As the provider counted the latest request; absent when none was made since the last compaction. */
  readonly lastUsage?: Usage;
  /** How many compactions the session has had. */
  readonly compactions: number;
  /** What a person who asked for it wants to be kept. */
  readonly instructions?: string;
  readonly ask: SideCall;
  /**
   * Asked by a strategy once it knows that it will make a plan, before it pays anything for one. `undefined`: it must leave
   * the conversation as it is; else what is to be kept besides `instructions`. A plan of a strategy that did not ask is
   * asked about before it is applied. Absent: nobody has a say.
   */
  readonly begin?: () => Promise<CompactionLeave | undefined>;
}

export interface CompactionLeave {
  readonly instructions?: string;
}

/**
 * Asks the run's model something beside the conversation: paid from the run's budget, and its usage is journaled.
 * Rejects with a `FaultError` `budget` when there is nothing left to pay it from. A reply that failed says so in
 * its `stop`.
 */
export type SideCall = (
  request: Pick<ModelRequest, "system" | "messages" | "maxOutputTokens">,
  signal: AbortSignal,
) => Promise<AssistantMessage>;

export interface CompactionPlan {
  readonly strategy: string;
  /** In ascending order, not overlapping. */
  readonly edits: readonly CompactionEdit[];
}

/** Replaces the messages `[from, to)` by `with`. */
export interface CompactionEdit {
  readonly from: number;
  readonly to: number;
  readonly with: readonly Message[];
}

/** The conversation cannot be made to fit: the run ends with `context-exhausted`, before a request that would fail. */
export interface ContextExhausted {
  readonly exhausted: string;
  /** What somebody who goes on elsewhere needs to know. */
  readonly handOver?: string;
}
