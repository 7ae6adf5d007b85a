/// <reference lib="esnext.disposable" preserve="true" />
import { FaultError } from "./fault.ts";
import { onAbort } from "./on-abort.ts";

/** An abort of its own below another one, which lets go of its parent when it is over. */
export interface LinkedAbort extends Disposable {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
}

/**
 * `AbortSignal.any` keeps every short-lived child reachable from a long-lived parent on Node 20; this does not. Throws a
 * `FaultError` `invalid-signal` for a parent that is no signal: whoever gave it could stop nothing.
 */
export function linkedAbort(parent?: AbortSignal): LinkedAbort {
  if (parent !== undefined && !isSignal(parent)) throw new FaultError(noSignal);
  const controller = new AbortController();
  const forget = parent ? onAbort(parent, () => controller.abort(parent.reason)) : () => undefined;
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: forget,
  };
}

/** By its shape: it may come from another realm, such as a worker's or a test's. */
function isSignal(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("aborted" in value)) return false;
  return "addEventListener" in value && typeof value.addEventListener === "function";
}

const noSignal = {
  code: "invalid-signal",
  message: "The signal is no AbortSignal.",
  hint: "Of an AbortController it is `controller.signal`.",
} as const;
