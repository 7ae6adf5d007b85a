import type { Fault } from "./fault.ts";
import type { Ask } from "./ports/ask.ts";
import type { CallScope } from "./ports/call-scope.ts";
import type { Decision, Policy } from "./ports/policy.ts";
import type { RunOptions } from "./run.ts";
import { verdictShape } from "./verdict-shape.ts";

/** Runs around a run, at most. */
export const maxRunDepth = 5;

/**
 * What a run within a call may do: what it was given, and of that no more than the run around it may. Its questions
 * go to whom the outer run asks, and the outer run's hooks hear of it.
 */
export function inherit(options: RunOptions): RunOptions {
  const { within: scope, limits = {} } = options;
  if (scope === undefined) return options;
  const left = scope.spending.remainingMs();
  const maxDurationMs = Math.min(limits.maxDurationMs ?? Number.POSITIVE_INFINITY, left);
  const { hooks: _, ...own } = options;
  return {
    ...own,
    policy: stricter(scope.policy, options.policy),
    ask: withoutDeferring(scope.ask),
    ...(scope.hooks === undefined ? {} : { hooks: scope.hooks }),
    limits: { ...limits, ...(Number.isFinite(maxDurationMs) ? { maxDurationMs } : {}) },
  };
}

/** Why a run may not start within this call; `undefined`: it may. */
export function tooDeep(scope: CallScope | undefined): Fault | undefined {
  if (scope === undefined || scope.depth <= maxRunDepth) return undefined;
  return {
    code: "too-deep",
    message: `Sub-agents may be nested ${maxRunDepth} deep, not deeper.`,
    hint: "Do the work without another sub-agent.",
  };
}

/** Either's denial is one, and so is either's question; no opinion is a question. */
function stricter(outer: Policy, own: Policy): Policy {
  return async (request, signal) => {
    const above = (await outer(request, signal)) ?? undecided;
    // What is no decision is refused by the checkpoint, which looks at every one.
    if (!verdictShape.isDecision(above) || above.type === "deny") return above;
    const below = (await own(request, signal)) ?? undecided;
    if (above.type === "allow" || below.type === "deny") return below;
    // A question that a hook may answer does not stand in for one that it may not.
    return below.type === "allow" || (below.byDefault === true && above.byDefault !== true) ? above : below;
  };
}

const undecided: Decision = { type: "ask", reason: "No policy has an opinion on this." };

/** A call that has others around it cannot stay open until somebody answers. */
function withoutDeferring(ask: Ask): Ask {
  return async (request, signal) => {
    const answer = await ask(request, signal);
    if (answer.type !== "defer") return answer;
    return { type: "deny", by: "nobody", message: "A sub-agent cannot wait for an answer." };
  };
}
