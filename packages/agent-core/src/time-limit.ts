import { linkedAbort } from "./linked-abort.ts";
import { longestTimer } from "./longest-timer.ts";

/** A signal that fires with its parent's, or when its time has passed. Disposed of, it does neither any more. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Not `AbortSignal.any` with an `AbortSignal.timeout` in it: on Node 20, and on the first ones of 22, nothing holds such
 * a timeout, and once it is collected the limit never comes.
 */
export function timeLimit(milliseconds: number, parent?: AbortSignal): TimeLimit {
  const link = linkedAbort(parent);
  const timer =
    milliseconds <= longestTimer
      ? setTimeout(() => link.abort(new DOMException("The time is over.", "TimeoutError")), milliseconds)
      : undefined;
  return {
    signal: link.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      link[Symbol.dispose]();
    },
  };
}
