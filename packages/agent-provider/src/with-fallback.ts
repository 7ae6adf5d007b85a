import type {
  AssistantMessage,
  Model,
  ModelDelta,
  ModelFaultCode,
  ModelRef,
  ModelRequest,
} from "@claw/agent-core";
import { type Clock, monotonicTime, systemClock } from "./clock.ts";
import { relayAttempt } from "./relay-attempt.ts";
import { sumAttempts } from "./sum-attempts.ts";

/** A model and what it is called. */
export interface NamedModel {
  readonly model: Model;
  readonly ref: ModelRef;
}

/** When a model that keeps failing is passed over at once. */
export interface FallbackOptions {
  /** Failures in a row after which it rests. Default 3. */
  readonly maxFailures?: number;
  /** How long it rests, in milliseconds; then it gets one request to show that it is back. Default 300,000. */
  readonly restMs?: number;
  readonly clock?: Clock;
}

/**
 * Asks the next model when one fails before anything of its reply was shown, with a fault that another may not have
 * (`fallbackFaults`). Every request begins with the first model that does not rest; when all rest, with the first. The
 * change is told by a `retry` delta with `fallback`, and the reply names the model that gave it. Each model keeps its
 * own retries: wrap them with `withRetry`, not this.
 */
export function withFallback(
  models: readonly [NamedModel, ...NamedModel[]],
  options: FallbackOptions = {},
): NamedModel {
  const candidates = models.map((candidate) => ({ ...candidate, failures: 0, restsUntil: 0 }));
  const policy: Policy = {
    maxFailures: options.maxFailures ?? 3,
    restMs: options.restMs ?? 300_000,
    clock: options.clock ?? systemClock,
  };
  return {
    model: (request, signal) => askInTurn(candidates, policy, request, signal),
    ref: models[0].ref,
  };
}

/**
 * The faults that another model may not have. `auth` is one: a key that expired or ran out of money is its vendor's
 * matter, and who names a second model wants the work to go on. A request that is wrong or too long, and a reply that
 * was refused, would be so elsewhere or are for somebody else to mend.
 */
export const fallbackFaults: ReadonlySet<ModelFaultCode> = new Set<ModelFaultCode>([
  "auth",
  "unknown-model",
  "rate-limit",
  "overloaded",
  "server",
  "network",
  "timeout",
  "interrupted",
  "bad-response",
  "empty-reply",
]);

type Policy = Required<FallbackOptions>;

interface Candidate extends NamedModel {
  failures: number;
  restsUntil: number;
}

async function* askInTurn(
  candidates: readonly Candidate[],
  policy: Policy,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const turn = inTurn(candidates, monotonicTime(policy.clock));
  const withAll = sumAttempts();
  for (let place = 0; ; place += 1) {
    const candidate = turn[place];
    if (candidate === undefined) throw new Error("The last model's reply is always the answer.");
    const { message, shown } = yield* relayAttempt(candidate.model, request, signal);
    const total = withAll(message);
    if (signal.aborted) return total;
    const { stop } = message;
    if (stop.reason !== "error" || !fallbackFaults.has(stop.error.code)) {
      candidate.failures = 0;
      return total;
    }
    noteFailure(candidate, policy);
    const next = turn[place + 1];
    if (shown || next === undefined) return total;
    const fallback = { from: candidate.ref, to: next.ref };
    yield { type: "retry", attempt: place + 1, delayMs: 0, error: stop.error, fallback };
    if (signal.aborted) return { ...total, stop: { reason: "aborted" } };
  }
}

/** Those that do not rest; all of them when every one does. */
function inTurn(candidates: readonly Candidate[], now: number): readonly Candidate[] {
  const ready = candidates.filter((candidate) => candidate.restsUntil <= now);
  return ready.length === 0 ? candidates : ready;
}

/** One that was back on trial rests again after a single failure: its failures still count. */
function noteFailure(candidate: Candidate, { maxFailures, restMs, clock }: Policy): void {
  candidate.failures += 1;
  if (candidate.failures >= maxFailures) candidate.restsUntil = monotonicTime(clock) + restMs;
}
