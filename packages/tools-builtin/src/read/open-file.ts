import type { FileStat, Machine } from "@claw/agent-core";
import type { FileLedger } from "../files/file-ledger.ts";
import type { ReadLimits } from "./read-limits.ts";

/** A file in the middle of being read: what each kind of reader is given. */
export interface OpenFile {
  readonly machine: Machine;
  readonly ledger: FileLedger;
  /** Absolute. */
  readonly path: string;
  readonly stat: FileStat;
  /** The first bytes: the whole file where it is short. */
  readonly head: Uint8Array;
  /** As the call gave it, at least 1; 1 by default. */
  readonly offset: number;
  /** As the call gave it, at least 1. */
  readonly limit: number | undefined;
  readonly limits: ReadLimits;
  readonly signal: AbortSignal;
}
