import { onAbort } from "@claw/agent-core";

/** Lets so many through at once on each level; the others wait in line. */
export interface Turnstile {
  /** Resolves with what gives the place back, or with `undefined` when the signal fired first. */
  readonly enter: (level: number, signal: AbortSignal) => Promise<(() => void) | undefined>;
}

/**
 * One line for each level of agents: whoever waits for an agent waits for one of the next level, so nobody in a line waits
 * for somebody behind it.
 */
export function createTurnstile(places: number): Turnstile {
  const levels = new Map<number, { free: number; readonly line: Set<() => void> }>();

  return {
    enter: (number, signal) => {
      const level = levels.get(number) ?? { free: places, line: new Set<() => void>() };
      levels.set(number, level);
      const leave = (): void => {
        level.free += 1;
        const [next] = level.line;
        next?.();
      };
      return new Promise((resolve) => {
        const pass = (): void => {
          level.line.delete(pass);
          forget();
          level.free -= 1;
          resolve(leave);
        };
        const forget = onAbort(signal, () => {
          level.line.delete(pass);
          resolve(undefined);
        });
        if (signal.aborted) return;
        if (level.free > 0) pass();
        else level.line.add(pass);
      });
    },
  };
}
