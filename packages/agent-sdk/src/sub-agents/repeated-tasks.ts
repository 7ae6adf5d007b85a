import { stopAfter, warnAfter } from "@claw/agent-core";

/**
 * Notices a conversation that gives agents the same task again and again and gets the same answer: the results differ by
 * the agents' names alone, which the loop does not know.
 */
export interface RepeatedTasks {
  /** The same task had the same answer so often that it is not given again. */
  readonly isStuck: (task: string) => boolean;
  /** @returns what the model is told about it, if anything. */
  readonly answered: (task: string, answer: string) => string;
}

/** Tasks that are remembered. */
const mostTasks = 20;

export function createRepeatedTasks(): RepeatedTasks {
  const recent = new Map<string, { answer: string; times: number }>();
  return {
    isStuck: (task) => (recent.get(task)?.times ?? 0) >= stopAfter,
    answered: (task, answer) => {
      const before = recent.get(task);
      const times = before?.answer === answer ? before.times + 1 : 1;
      recent.delete(task);
      recent.set(task, { answer, times });
      for (const oldest of [...recent.keys()].slice(0, -mostTasks)) recent.delete(oldest);
      return times < warnAfter ? "" : ` The same task had the same answer ${times} times: do something else.`;
    },
  };
}
