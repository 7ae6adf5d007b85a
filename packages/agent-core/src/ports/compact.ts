import type { Message } from "../message.ts";
import type { Usage } from "../usage.ts";

/**
 * Makes a conversation shorter. Called before each request, and once after a request that did not fit; `undefined`
 * leaves it as it is. The loop checks each plan and refuses one that splits a call from its result, drops the last
 * message of the human, or does not make the conversation smaller.
 */
export type Compact = (view: CompactView, signal: AbortSignal) => Promise<CompactionPlan | undefined>;

export interface CompactView {
  readonly messages: readonly Message[];
  readonly cause: "threshold" | "overflow" | "manual";
  /** As the provider counted the latest request of this session. */
  readonly lastUsage?: Usage;
}

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
