/** Everyone who waits for one signal, behind a single listener: hundreds of calls may wait for the signal of a run. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `react` once when the signal fires, at once if it has. Gives a function that takes it back. */
export function onAbort(signal: AbortSignal, react: () => void): () => void {
  // A listener that is added after the abort never fires.
  if (signal.aborted) {
    react();
    return () => undefined;
  }
  const reactions = waiting.get(signal) ?? listen(signal);
  reactions.add(react);
  return () => reactions.delete(react);
}

function listen(signal: AbortSignal): Set<() => void> {
  const reactions = new Set<() => void>();
  waiting.set(signal, reactions);
  const fire = (): void => {
    for (const react of reactions) guarded(react);
    reactions.clear();
  };
  signal.addEventListener("abort", fire, { once: true });
  return reactions;
}

/** A bug of one who waits is reported as the uncaught error it is, after all the others were told. */
function guarded(react: () => void): void {
  try {
    react();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
