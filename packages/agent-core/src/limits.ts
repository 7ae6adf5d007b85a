/** Where a run must end. An absent limit does not apply. */
export interface Limits {
  /** Model requests of one run. */
  readonly maxTurns?: number;
  /** Input plus output tokens of one run. */
  readonly maxTokens?: number;
  /** Micro-dollars of one run. A model whose price is unknown then fails the run rather than spend unseen. */
  readonly maxCost?: number;
  /** Wall clock of one run, in milliseconds. */
  readonly maxDurationMs?: number;
}
