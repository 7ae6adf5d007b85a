import { type Backoff, backoffDelay } from "../connection/backoff.ts";

/** How often something is done again that others ask for, in milliseconds; see `Backoff`. */
export type Pace = Pick<Backoff, "firstMs" | "capMs" | "steadyMs">;

const defaultPace: Pace = { firstMs: 300, capMs: 30_000, steadyMs: 10_000 };

/**
 * Does `work` for whoever asks, never twice at a time: what is asked within a short wait, or while it is done, is one time more. The
 * waits grow as long as it is asked for again and again, and are short again after a time of quiet. `work` never rejects.
 */
export function calmly(work: () => Promise<void>, pace: Pace = defaultPace): () => void {
  let times = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;
  let state: "idle" | "waits" | "works" = "idle";
  let again = false;

  function wait(): void {
    state = "waits";
    times = performance.now() - lastEnd >= pace.steadyMs ? 1 : times + 1;
    setTimeout(() => void run(), backoffDelay(times, pace)).unref?.();
  }

  async function run(): Promise<void> {
    state = "works";
    await work();
    lastEnd = performance.now();
    state = "idle";
    if (!again) return;
    again = false;
    wait();
  }

  return () => {
    if (state === "idle") wait();
    else if (state === "works") again = true;
  };
}
