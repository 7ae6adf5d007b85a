import type { Io } from "./io.ts";

/** Somebody wants the program to end: by Ctrl-C, by a signal, or by closing the pipe that it writes to. */
export interface Interruption extends Disposable {
  /** Fires at the first of them. */
  readonly signal: AbortSignal;
  /** Fires when it is asked for again: nothing is waited for any more. */
  readonly urgent: AbortSignal;
  readonly interrupt: (exitCode?: number) => void;
  /** 130 Ctrl-C, 143 terminated, 129 hung up, 141 the reader of stdout went away; absent while nobody asked. */
  readonly exitCode: () => number | undefined;
}

export function watchInterruption(io: Io): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  let code: number | undefined;
  const interrupt = (exitCode = 130): void => {
    if (first.signal.aborted) second.abort();
    code ??= exitCode;
    first.abort();
  };
  const stops = [
    io.onSignal("SIGINT", () => interrupt(130)),
    io.onSignal("SIGTERM", () => interrupt(143)),
    io.onSignal("SIGHUP", () => interrupt(129)),
  ];
  return {
    signal: first.signal,
    urgent: second.signal,
    interrupt,
    exitCode: () => code,
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
    },
  };
}

/** The promise's value, or `undefined` when the signal fires first. A late rejection is not lost on the process. */
export async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return undefined;
  }
  let stop = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    promise.catch(() => undefined);
  }
}
