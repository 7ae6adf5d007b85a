import { type Clock, monotonicTime } from "./clock.ts";

/** How long a model may be silent, in milliseconds. Only time spent waiting for it counts. */
export interface Timeouts {
  /** From the request to the first event: a local model may have to be loaded and read a long prompt. Default 600,000. */
  readonly firstEventMs?: number;
  /** Between two events; comments and pings tell nothing and do not count. Default 180,000. */
  readonly idleMs?: number;
  /** For the whole answer. Default 3,600,000. */
  readonly totalMs?: number;
}

/** How waiting ended. */
export type Waited<T> =
  | { readonly type: "value"; readonly value: T }
  | { readonly type: "threw"; readonly error: unknown }
  | ({ readonly type: "timed-out" } & TimedOut)
  | { readonly type: "aborted" };

/** Which limit passed: silence, or the whole answer taking too long. */
export interface TimedOut {
  readonly limit: "silence" | "total";
  readonly ms: number;
}

/** Waits on behalf of one request, for one thing at a time, and stops waiting for what ignores its signal. */
export interface Watch {
  /** Fires when the caller's signal does, and when the watch stops what it waits for. */
  readonly signal: AbortSignal;
  readonly wait: <T>(work: Promise<T>, limitMs?: number) => Promise<Waited<T>>;
  /** An event came: the limit for the next one begins anew. */
  readonly progress: () => void;
  /** Gives up what was waited for: its signal fires. */
  readonly stop: () => void;
  /** Lets go of the caller's signal. */
  readonly end: () => void;
}

export function createWatch(outer: AbortSignal, clock: Clock, timeouts: Timeouts): Watch {
  const inner = new AbortController();
  const longest = timeouts.totalMs ?? 3_600_000;
  let limit = timeouts.firstEventMs ?? 600_000;
  let budget = limit;
  let total = longest;
  let waiting: Waiting | undefined;
  let alarm: Alarm | undefined;

  // One timer and one listener serve all waits: there is one for each piece of an answer.
  const onAlarm = (): void => {
    alarm = undefined;
    if (waiting === undefined) return;
    if (monotonicTime(clock) < waiting.deadline) setAlarm(waiting.deadline);
    else waiting.timeOut();
  };
  const setAlarm = (at: number): void => {
    if (alarm !== undefined && alarm.at <= at) return;
    alarm?.cancel();
    alarm = { at, cancel: clock.after(Math.max(0, at - monotonicTime(clock)), onAlarm) };
  };
  const onAbort = (): void => {
    inner.abort(outer.reason);
    waiting?.abort();
  };
  if (outer.aborted) onAbort();
  else outer.addEventListener("abort", onAbort, { once: true });

  const wait = <T>(work: Promise<T>, limitMs = Number.POSITIVE_INFINITY): Promise<Waited<T>> =>
    new Promise((resolve) => {
      const startedAt = monotonicTime(clock);
      const settle = (waited: Waited<T>): void => {
        if (waiting !== current) return;
        waiting = undefined;
        const spent = Math.max(0, monotonicTime(clock) - startedAt);
        budget -= spent;
        total -= spent;
        resolve(waited);
      };
      const current: Waiting = {
        deadline: startedAt + Math.max(0, Math.min(budget, total, limitMs)),
        timeOut: () =>
          settle({
            type: "timed-out",
            ...(total < budget ? { limit: "total", ms: longest } : { limit: "silence", ms: limit }),
          }),
        abort: () => settle({ type: "aborted" }),
      };
      waiting = current;
      work.then(
        (value) => settle({ type: "value", value }),
        (error: unknown) => settle(inner.signal.aborted ? { type: "aborted" } : { type: "threw", error }),
      );
      if (inner.signal.aborted) current.abort();
      else setAlarm(current.deadline);
    });

  return {
    signal: inner.signal,
    wait,
    progress: () => {
      limit = timeouts.idleMs ?? 180_000;
      budget = limit;
    },
    stop: () => inner.abort(),
    end: () => {
      alarm?.cancel();
      alarm = undefined;
      outer.removeEventListener("abort", onAbort);
    },
  };
}

interface Waiting {
  readonly deadline: number;
  readonly timeOut: () => void;
  readonly abort: () => void;
}

interface Alarm {
  readonly at: number;
  readonly cancel: () => void;
}
