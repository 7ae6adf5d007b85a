import type { Limits } from "./limits.ts";
import type { LoopEnd } from "./run-end.ts";
import { addUsage, type Usage } from "./usage.ts";

/** What a run has used of its limits. The wall clock is kept by the run, which must act in the middle of a turn. */
export interface Spending {
  /** Counts one model request; gives its number from 1. */
  readonly nextTurn: () => number;
  readonly add: (usage: Usage) => void;
  /** How the run must end when it may not make another request; `undefined` when it may. */
  readonly exhausted: () => LoopEnd | undefined;
  /** The same for tokens and money alone: turns are each run's own. */
  readonly overspent: () => LoopEnd | undefined;
  /** Milliseconds until the time limit; infinite without one. */
  readonly remainingMs: () => number;
  readonly turns: number;
  /** Of this run and of those within its calls. */
  readonly usage: Usage;
}

export interface SpendingSurroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Of the run around this one: what is spent here is spent there, and what is used up there is used up here. */
  readonly outer?: Spending | undefined;
}

export function createSpending(limits: Limits, { now, outer }: SpendingSurroundings): Spending {
  const started = now();
  let turns = 0;
  let usage: Usage = {};
  let unpriced = false;

  function overspent(): LoopEnd | undefined {
    const tokens = (usage.input ?? 0) + (usage.output ?? 0);
    if (limits.maxTokens !== undefined && tokens >= limits.maxTokens)
      return { reason: "budget", limit: "tokens" };
    // Not knowing what was spent is no reason to go on spending.
    if (limits.maxCost !== undefined && unpriced) return { reason: "failed", error: unpricedFault };
    if (limits.maxCost !== undefined && (usage.cost ?? 0) >= limits.maxCost)
      return { reason: "budget", limit: "cost" };
    return outer?.overspent();
  }

  return {
    nextTurn: () => (turns += 1),
    add(more) {
      usage = addUsage(usage, more);
      if (more.cost === undefined) unpriced = true;
      outer?.add(more);
    },
    exhausted() {
      if (limits.maxTurns !== undefined && turns >= limits.maxTurns) return { reason: "max-turns" };
      return overspent();
    },
    overspent,
    remainingMs() {
      const own = (limits.maxDurationMs ?? Number.POSITIVE_INFINITY) - (now() - started);
      return Math.max(0, Math.min(own, outer?.remainingMs() ?? Number.POSITIVE_INFINITY));
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
