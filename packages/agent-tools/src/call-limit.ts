import { longestTimer, onAbort } from "@claw/agent-core";

/** What may stop a call from outside: its deadline, or the run. */
export interface CallLimit {
  /** For the tool; fires at the first of the two. */
  readonly signal: AbortSignal;
  /** Settles then, with which it was. */
  readonly stopped: Promise<StopCause>;
  readonly cause: () => StopCause | undefined;
  /** Frees the timer and the listener, once the call has ended. */
  readonly dispose: () => void;
}

/** Why a call was stopped. */
export type StopCause = "cancelled" | "timed-out";

/** Starts the clock. `Infinity`, and what no timer can count, is no deadline. */
export function callLimit(parent: AbortSignal, timeoutMs: number): CallLimit {
  const controller = new AbortController();
  let cause: StopCause | undefined;
  let settle: (cause: StopCause) => void = () => {};
  const stopped = new Promise<StopCause>((resolve) => {
    settle = resolve;
  });

  function stop(why: StopCause, reason: unknown): void {
    if (cause !== undefined) return;
    cause = why;
    settle(why);
    controller.abort(reason);
  }

  const cancel = (): void => stop("cancelled", parent.reason);
  const timer =
    timeoutMs <= longestTimer
      ? setTimeout(
          () => stop("timed-out", new DOMException("The deadline has passed.", "TimeoutError")),
          timeoutMs,
        )
      : undefined;
  const forget = onAbort(parent, cancel);

  return {
    signal: controller.signal,
    stopped,
    cause: () => cause,
    dispose: () => {
      clearTimeout(timer);
      forget();
    },
  };
}
