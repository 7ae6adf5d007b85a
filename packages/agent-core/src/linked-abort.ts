/// <reference lib="esnext.disposable" preserve="true" />
import { onAbort } from "./on-abort.ts";

/** An abort of its own below another one, which lets go of its parent when it is over. */
export interface LinkedAbort extends Disposable {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
}

/** `AbortSignal.any` keeps every short-lived child reachable from a long-lived parent on Node 20; this does not. */
export function linkedAbort(parent?: AbortSignal): LinkedAbort {
  const controller = new AbortController();
  const forget = parent ? onAbort(parent, () => controller.abort(parent.reason)) : () => undefined;
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: forget,
  };
}
