import type { ToolCallId } from "../ids.ts";

/** Keeps what is too large for a model, in files that `Read` can page through. */
export interface SpillStore {
  /** Opens a file for one call's output. Never rejects: a full disk shows in `close`. */
  readonly open: (call: ToolCallId, label: string) => Promise<Spill>;
}

export interface Spill {
  /** Where it is being written; absolute. Absent when nothing can be kept. */
  readonly path?: string;
  /** Beyond the store's cap bytes are counted and dropped. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly close: () => Promise<Spilled>;
}

export interface Spilled {
  /** Absolute; absent when nothing could be kept. */
  readonly path?: string;
  /** Bytes in the file. */
  readonly kept: number;
  /** Bytes that did not fit. */
  readonly dropped: number;
}
