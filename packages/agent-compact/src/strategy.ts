import type { JsonValue, Message, SideCall } from "@claw/agent-core";

/** One way to make a conversation shorter. Usable alone or in a ladder; see `createCompact`. */
export interface Strategy {
  /** Stands in the journal. */
  readonly name: string;
  /**
   * The messages that are left, or `undefined` when there is nothing to gain this way. What stays is the same
   * objects in the same order.
   */
  readonly shorten: (work: CompactionWork, signal: AbortSignal) => Promise<readonly Message[] | undefined>;
}

/** What a strategy has to work with. */
export interface CompactionWork {
  readonly messages: readonly Message[];
  /** Tokens of a whole prompt with these messages, system prompt and tools included. */
  readonly measure: (messages: readonly Message[]) => number;
  /** Tokens that a prompt may have when the work is done. */
  readonly target: number;
  /** The part of the target that is for the conversation: without the system prompt and the tools. */
  readonly room: number;
  /** Tokens of the largest prompt that may be sent at all, also on the side. */
  readonly limit: number;
  /** Under which `Recall` gives back what this compaction leaves out. Absent: there is no such tool. */
  readonly reference?: string;
  /** What a person who asked for it wants to be kept. */
  readonly instructions?: string;
  readonly ask: SideCall;
  /** What code knows and no summary may lose, such as open steps and running tasks. */
  readonly facts: (messages: readonly Message[]) => Facts | Promise<Facts>;
}

/** Plain JSON under names that a model understands. An absent name keeps what was carried before. */
export type Facts = Readonly<Record<string, JsonValue>>;
