import { setTimeout as sleep } from "node:timers/promises";

export interface WaitUntilOptions {
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

const intervalMs = 20;

/**
 * Asks again and again until the condition holds; rejects when time is up. Only for what sends no event, such as the
 * system's table of processes: everything else can be awaited.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  options: WaitUntilOptions = {},
): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() >= deadline) throw new Error(`The condition did not hold within ${timeoutMs} ms.`);
    await sleep(intervalMs);
  }
}
