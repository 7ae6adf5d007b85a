import { longestTimer } from "@claw/agent-core";

/** Time as the providers need it, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since any moment, to measure with: setting the clock does not move it. Default: `now`. */
  readonly monotonic?: () => number;
  /** Runs `run` once after `ms` milliseconds; the returned function takes that back. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, longestTimer));
    return () => clearTimeout(timer);
  },
};

/** The time by which waits are measured: a computer that slept, or whose clock was set, has not waited. */
export function monotonicTime({ monotonic, now }: Clock): number {
  return monotonic === undefined ? now() : monotonic();
}

/** Waits `ms` milliseconds, or less when `signal` fires. Resolves to whether the whole time has passed. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const wake = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", wake);
      resolve(true);
    });
    signal.addEventListener("abort", wake, { once: true });
  });
}
