/** The time that a call may take without a sign of life. It stands still while somebody is asked something. */
export interface CallClock extends Disposable {
  readonly signal: AbortSignal;
  readonly ranOut: () => boolean;
  /** A sign of life. */
  readonly touch: () => void;
  /** Stands still until the returned function is called. */
  readonly hold: () => () => void;
}

export function callClock(limitMs: number, outer: AbortSignal): CallClock {
  const own = new AbortController();
  let held = 0;
  let late = false;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touch = (): void => {
    clearTimeout(timer);
    if (held > 0 || isOver || own.signal.aborted) return;
    timer = setTimeout(() => {
      late = true;
      own.abort(new Error("The call took too long."));
    }, limitMs);
  };
  const stop = (): void => own.abort(outer.reason);
  outer.addEventListener("abort", stop, { once: true });
  if (outer.aborted) stop();
  touch();
  return {
    signal: own.signal,
    ranOut: () => late,
    touch,
    hold: () => {
      held += 1;
      clearTimeout(timer);
      let over = false;
      return () => {
        if (!over) held -= 1;
        over = true;
        touch();
      };
    },
    [Symbol.dispose]: () => {
      // Somebody may be asked still, for another call that was open as well.
      isOver = true;
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
  };
}
