import { hasEnded, type Task } from "./task.ts";
import type { TaskRuntime } from "./task-runtime.ts";

/** The tasks of one sub-agent: it sees, stops and is told of its own alone, and their states are the session's to record. */
export interface AgentTasks extends TaskRuntime {
  readonly agent: string;
  /** Stops those that have not ended, and starts more when it is asked to again. @returns their ids. */
  readonly end: () => Promise<readonly string[]>;
}

export function tasksOfAgent(tasks: TaskRuntime, agent: string): AgentTasks {
  const own = (task: Task | undefined): Task | undefined => (task?.agent === agent ? task : undefined);
  const list = (): readonly Task[] => tasks.list().filter(own);

  async function end(): Promise<readonly string[]> {
    const open = list().filter((task) => !hasEnded(task));
    await Promise.all(open.map(({ id }) => tasks.stop(id, "The work that it was for ended.")));
    return open.map(({ id }) => id);
  }

  return {
    ...tasks,
    agent,
    end,
    list,
    start: (spec) => tasks.start({ ...spec, agent }),
    get: (id) => own(tasks.get(id)),
    output: (id, since) =>
      own(tasks.get(id)) ? tasks.output(id, since) : { text: "", next: since, missed: 0 },
    wait: async (id, limitMs, signal) =>
      own(tasks.get(id)) ? own(await tasks.wait(id, limitMs, signal)) : undefined,
    stop: async (id, why) => (own(tasks.get(id)) ? tasks.stop(id, why) : undefined),
    markTold: (id) => tasks.markTold(id, agent),
    inbox: () => tasks.inboxOf(agent),
    hasNews: () => list().some((task) => hasEnded(task) && task.told !== true),
    take: () => [],
    close: async () => {
      await end();
    },
  };
}
