import type { AssistantMessage, Model, ModelDelta, ModelFault, ModelRequest } from "@claw/agent-core";
import { type Clock, monotonicTime, sleep, systemClock } from "./clock.ts";
import { relayAttempt } from "./relay-attempt.ts";
import { sumAttempts } from "./sum-attempts.ts";

/** How often and how long a failed request is sent again. */
export interface RetryOptions {
  /** Requests in all. Default 6. */
  readonly maxAttempts?: number;
  /** Requests in all while there is no connection: nobody wants to wait for a server that is not started. Default 3. */
  readonly maxNetworkAttempts?: number;
  /** From the first request on, waiting included, in milliseconds. Default 600,000. */
  readonly maxTotalMs?: number;
  /** The first wait; each next one is twice as long. Default 500. */
  readonly baseDelayMs?: number;
  /** The longest wait that is chosen here. Default 30,000. */
  readonly maxDelayMs?: number;
  /** The longest wait that a vendor can ask for. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  readonly clock?: Clock;
  /** In [0, 1). */
  readonly random?: () => number;
}

/**
 * Sends a request again when it failed in a way that may pass, and only while nothing of the reply was shown. Each
 * wait is announced by a `retry` delta and ends at once when the signal fires. The tokens reported are those of the
 * last attempt; its cost is that of all attempts.
 */
export function withRetry(model: Model, options: RetryOptions = {}): Model {
  const policy: Policy = {
    maxAttempts: options.maxAttempts ?? 6,
    maxNetworkAttempts: options.maxNetworkAttempts ?? 3,
    maxTotalMs: options.maxTotalMs ?? 600_000,
    baseDelayMs: options.baseDelayMs ?? 500,
    maxDelayMs: options.maxDelayMs ?? 30_000,
    maxRetryAfterMs: options.maxRetryAfterMs ?? 60_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
  return (request, signal) => attempts(model, policy, request, signal);
}

type Policy = Required<RetryOptions>;

async function* attempts(
  model: Model,
  policy: Policy,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const startedAt = monotonicTime(policy.clock);
  const withAll = sumAttempts();
  for (let attempt = 1; ; attempt += 1) {
    const { message, shown } = yield* relayAttempt(model, request, signal);
    const total = withAll(message);
    if (shown || signal.aborted || message.stop.reason !== "error") return total;
    const error = message.stop.error;
    if (!error.retryable || attempt >= attemptsFor(error, policy)) return total;
    const delayMs = delayBefore(attempt, error, policy);
    if (monotonicTime(policy.clock) - startedAt + delayMs > policy.maxTotalMs) return total;
    yield { type: "retry", attempt, delayMs, error };
    const rested = await sleep(policy.clock, delayMs, signal);
    if (!rested) return { ...total, stop: { reason: "aborted" } };
  }
}

function attemptsFor(error: ModelFault, policy: Policy): number {
  if (error.code === "network") return Math.min(policy.maxNetworkAttempts, policy.maxAttempts);
  // A model that had nothing to say once may have been unlucky; twice, it has nothing to say.
  return error.code === "empty-reply" ? Math.min(2, policy.maxAttempts) : policy.maxAttempts;
}

/**
 * Never shorter than the vendor asked for (up to the cap), and never the same for two clients. A vendor that asks for no
 * wait, or for less than the first of our own, is not one to storm: with such waits all attempts are gone at once.
 */
function delayBefore(attempt: number, error: ModelFault, policy: Policy): number {
  const told = error.retryAfterMs ?? 0;
  if (told >= policy.baseDelayMs) {
    const wait = Math.min(told, policy.maxRetryAfterMs);
    return Math.round(wait + policy.random() * Math.min(1000, wait / 10));
  }
  const step = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(Math.max(told, step * (0.5 + policy.random() / 2)));
}
