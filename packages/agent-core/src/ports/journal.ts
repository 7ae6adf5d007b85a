import type { DurableEvent } from "../event.ts";
import type { SessionId } from "../ids.ts";

/** Durable sessions. A method that cannot do its work rejects with a `FaultError` of a `JournalFaultCode`. */
export interface Journal {
  /**
   * Becomes the session's only writer. Rejects with `session-busy` while another living writer holds it. Makes the
   * session when it does not exist.
   */
  readonly lease: (session: SessionId, options?: LeaseOptions) => Promise<Lease>;
  /** The events with `seq > after`, in order; what is damaged is skipped and reported. Rejects with `session-unknown`. */
  readonly read: (session: SessionId, options?: ReadOptions) => AsyncIterable<DurableEvent>;
  /** Newest first. */
  readonly list: () => Promise<readonly SessionSummary[]>;
  readonly remove: (session: SessionId) => Promise<void>;
}

export interface LeaseOptions {
  /**
   * The session is new, and there for nobody else before `Lease.publish`: a copy that its maker did not finish must not pass for the
   * whole. A journal that cannot do that makes it at once, and its lease has no `publish`.
   */
  readonly draft?: boolean;
}

export interface ReadOptions {
  readonly after?: number;
  /** Told of each damaged record that was skipped. */
  readonly onDamage?: (damage: Damage) => void;
}

export interface Damage {
  /** 1-based line of the session file, or position of the record. */
  readonly line: number;
  readonly reason: string;
}

export interface Lease {
  readonly session: SessionId;
  /** Grows with each lease of the session; an append under an older one is rejected with `lease-lost`. */
  readonly token: number;
  /**
   * All or nothing, in order. Once it returns (or its promise resolves) the events survive the death of the
   * process. May be synchronous: then nothing is awaited. Takes every event of up to `maxEventBytes` as JSON.
   */
  readonly append: (events: readonly DurableEvent[]) => undefined | Promise<undefined>;
  /** Makes what was appended survive the loss of power. Called when a turn ends. */
  readonly flush: () => Promise<void>;
  /** Of a draft: makes the session what every reader finds, whole at once. */
  readonly publish?: () => Promise<void>;
  /** A draft that was not published is gone with it. */
  readonly release: () => Promise<void>;
}

export interface SessionSummary {
  readonly session: SessionId;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The first words of the human, cut to about 100 characters. */
  readonly title: string;
  readonly cwd?: string;
  readonly bytes: number;
}

export type JournalFaultCode =
  | "session-unknown"
  | "session-busy"
  | "session-corrupt"
  | "lease-lost"
  /** The disk is full, read-only or away. */
  | "journal-unwritable";
