/**
 * The seam between the deterministic loop and the world: each model call and each tool call is one step, each
 * question to a person is one wait, and time, ids and chance come from here. Inline by default; a replay or a
 * durable engine implements the same.
 */
export interface Steps {
  /** Runs `perform` once, or returns what it returned before under the same key. `T` is plain JSON. */
  readonly step: <T>(
    key: string,
    perform: (signal: AbortSignal) => Promise<T>,
    options: StepOptions,
    signal: AbortSignal,
  ) => Promise<T>;
  /** Waits for somebody's answer to `topic`; inline, by asking. */
  readonly wait: <T>(
    topic: string,
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ) => Promise<T>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh id, unique in the session. */
  readonly id: () => string;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface StepOptions {
  readonly kind: "model" | "tool" | "io";
  /** Whether it may be performed again when its first end is not known. */
  readonly idempotent: boolean;
}
