import type { Limits } from "./limits.ts";
import type { LoopEnd } from "./loop.ts";
import { addUsage, type Usage } from "./usage.ts";

/** What a run has used of its limits. The wall clock is kept by the run, which must act in the middle of a turn. */
export interface Spending {
  /** Counts one model request; gives its number from 1. */
  readonly nextTurn: () => number;
  readonly add: (usage: Usage) => void;
  /** How the run must end when it may not make another request; `undefined` when it may. */
  readonly exhausted: () => LoopEnd | undefined;
  readonly turns: number;
  readonly usage: Usage;
}

export function createSpending(limits: Limits): Spending {
  let turns = 0;
  let usage: Usage = {};
  let unpriced = false;
  return {
    nextTurn: () => (turns += 1),
    add(more) {
      usage = addUsage(usage, more);
      if (more.cost === undefined) unpriced = true;
    },
    exhausted() {
      if (limits.maxTurns !== undefined && turns >= limits.maxTurns) return { reason: "max-turns" };
      const tokens = (usage.input ?? 0) + (usage.output ?? 0);
      if (limits.maxTokens !== undefined && tokens >= limits.maxTokens)
        return { reason: "budget", limit: "tokens" };
      if (limits.maxCost === undefined) return undefined;
      // Not knowing what was spent is no reason to go on spending.
      if (unpriced) return { reason: "failed", error: unpricedFault };
      return (usage.cost ?? 0) >= limits.maxCost ? { reason: "budget", limit: "cost" } : undefined;
    },
    get turns() {
      return turns;
    },
    get usage() {
      return usage;
    },
  };
}

const unpricedFault = {
  code: "cost-unknown",
  message: "A money limit is set, but what a request cost is not known, so the run stopped.",
  hint: "Limit turns or tokens instead, or use a model with a known price.",
};
