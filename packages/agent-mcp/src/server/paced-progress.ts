/** Words of progress, as many as somebody can read. */
export interface PacedProgress extends Disposable {
  readonly tell: (words: string) => void;
}

/** Of what comes faster, the last is told when its time has come. */
const paceMs = 100;

/** The first is told at once; what is held back is told at the end. */
export function pacedProgress(tell: (words: string) => void): PacedProgress {
  let held: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function next(): void {
    timer = undefined;
    if (held === undefined) return;
    tell(held);
    held = undefined;
    timer = setTimeout(next, paceMs);
  }

  return {
    tell: (words) => {
      held = words;
      if (timer === undefined) next();
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      if (held !== undefined) tell(held);
    },
  };
}
