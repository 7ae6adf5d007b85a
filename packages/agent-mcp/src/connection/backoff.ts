/** How a connection is made again. All in milliseconds. */
export interface Backoff {
  /** Before the second attempt; doubled for each further one. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly capMs: number;
  /** Attempts in a row before it is given up. */
  readonly maxAttempts: number;
  /** A connection that held so long begins the count anew. */
  readonly steadyMs: number;
}

export const defaultBackoff: Backoff = { firstMs: 500, capMs: 30_000, maxAttempts: 8, steadyMs: 10_000 };

/** The wait after the given number of failures in a row, from 1. */
export function backoffDelay(
  failures: number,
  { firstMs, capMs }: Pick<Backoff, "firstMs" | "capMs">,
): number {
  return Math.min(firstMs * 2 ** Math.min(failures - 1, 30), capMs);
}
