import type { Elicit } from "../people/elicit.ts";
import type { Sample } from "../people/sample.ts";

/** What servers may ask of the one who uses them. What is left out is not offered to them. */
export interface ClientHost {
  /** Folders that servers may work in, absolute. */
  readonly roots?: () => readonly string[];
  readonly elicit?: Elicit;
  readonly sample?: Sample;
  /** Said by a server through the protocol's logging. */
  readonly log?: (entry: LogEntry) => void;
}

export interface LogEntry {
  readonly server: string;
  /** Such as `info` or `error`. */
  readonly level: string;
  readonly text: string;
}
