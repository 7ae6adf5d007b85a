import type { Effort } from "@claw/agent-extensions";
import type { LentRules } from "../lending.ts";

/** The skills that sub-agents are about to follow: whoever starts an agent looks here for what comes with its task. */
export interface Forks {
  /** Until what comes back is called, an agent that is started with exactly this task follows it on these terms. */
  readonly offer: (task: ForkTask, terms: ForkTerms) => () => void;
  readonly termsOf: (task: ForkTask) => ForkTerms | undefined;
  /** Whether there is such a kind of agent. */
  readonly has: (kind: string) => boolean;
}

export interface ForkTask {
  /** Of the agent. */
  readonly kind: string;
  readonly prompt: string;
}

export interface ForkTerms {
  /** What it is lent for, as people are told. */
  readonly to: string;
  readonly rules: LentRules;
  readonly effort?: Effort;
  /** Holds the skill's hooks for the agent, until what comes back is called. */
  readonly hold: (agent: string) => () => void;
}

export function createForks(has: Forks["has"]): Forks {
  const offers = new Map<string, ForkTerms>();
  const keyOf = ({ kind, prompt }: ForkTask): string => JSON.stringify([kind, prompt]);
  return {
    offer: (task, terms) => {
      const key = keyOf(task);
      offers.set(key, terms);
      return () => {
        if (offers.get(key) === terms) offers.delete(key);
      };
    },
    has,
    termsOf: (task) => offers.get(keyOf(task)),
  };
}
