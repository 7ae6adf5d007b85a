/** What to wait for. */
export interface Quiet {
  readonly quietMs: number;
  readonly finished: () => boolean;
  /** Calls the listener once, at the next sign of life. */
  readonly activity: (listener: () => void) => void;
  /** Ends the wait when it settles. */
  readonly hurry: Promise<unknown>;
}

/**
 * Resolves when `finished` says so, when there was no activity for `quietMs`, after five times that at the latest,
 * or when `hurry` settles.
 */
export function untilQuiet({ quietMs, finished, activity, hurry }: Quiet): Promise<void> {
  return new Promise((resolve) => {
    let done = false;
    let lively = false;
    const end = (): void => {
      done = true;
      clearTimeout(silence);
      clearTimeout(limit);
      resolve();
    };
    const silence = setTimeout(() => {
      lively = false;
      afterReading(() => {
        if (done) return;
        if (lively) silence.refresh();
        else end();
      });
    }, quietMs);
    const limit = setTimeout(() => afterReading(end), quietMs * 5);
    const noticed = (): void => {
      lively = true;
      if (done) return;
      if (finished()) {
        end();
        return;
      }
      silence.refresh();
      activity(noticed);
    };
    hurry.then(end, end);
    if (finished()) end();
    else activity(noticed);
  });
}

/** When this process was busy for long, timers are due before what came meanwhile is read: look after the reading. */
function afterReading(look: () => void): void {
  setImmediate(() => setImmediate(look));
}
