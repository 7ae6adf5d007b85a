import { onAbort } from "./on-abort.ts";

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
    const forget = onAbort(signal, () => resolve(aborted));
    Promise.resolve(promise).then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}
