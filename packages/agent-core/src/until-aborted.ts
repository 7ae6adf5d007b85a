/** What `untilAborted` gives when the signal fired first. */
export const aborted: unique symbol = Symbol("aborted");

/**
 * The promise's value, or `aborted` as soon as the signal fires: nobody is waited for who ignores it. What comes
 * later, a rejection included, is dropped.
 */
export function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | typeof aborted> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(aborted);
    // A listener that is added after the abort never fires.
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener("abort", stop);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", stop);
        reject(error);
      },
    );
  });
}
