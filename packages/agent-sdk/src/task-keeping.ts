import { type Fault, recordBetweenRuns, type SessionStream, thrownText } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";

/** Looks after the tasks of an agent while no run does: writes down what becomes of them, and wakes whoever listens. */
export interface TaskKeeping {
  /** To be called when a run has ended. */
  readonly settle: () => void;
  readonly hasNews: () => boolean;
  readonly onNews: (listener: () => void) => () => void;
  /** Stops all tasks and writes their ends down. Never rejects. */
  readonly close: () => Promise<void>;
}

export interface TaskKeepingOptions {
  readonly tasks: TaskRuntime;
  readonly stream: SessionStream;
  /** A run is active: what changes is its to record, and to tell. */
  readonly busy: () => boolean;
  /** None may begin now, so there is nobody to tell. */
  readonly held: () => boolean;
  readonly warn: (fault: Fault) => void;
}

export function keepTasks({ tasks, stream, busy, held, warn }: TaskKeepingOptions): TaskKeeping {
  const listeners = new Set<() => void>();
  let told: Promise<void> = Promise.resolve();
  let waking = false;
  let closed = false;

  function record(): Promise<void> {
    const bodies = tasks.take().map((task) => ({ type: "task", task }) as const);
    if (bodies.length > 0) {
      const written = recordBetweenRuns(stream, bodies).catch(() => undefined);
      told = told.then(() => written);
    }
    return told;
  }

  const hasNews = (): boolean => !closed && !busy() && !held() && tasks.hasNews();

  function settle(): void {
    if (busy()) return;
    void record();
    if (!hasNews() || waking || listeners.size === 0) return;
    waking = true;
    setImmediate(() => {
      waking = false;
      for (const listener of listeners) if (hasNews()) guarded(listener);
    });
  }

  /** One that throws harms neither the process nor the others. */
  function guarded(listener: () => void): void {
    try {
      listener();
    } catch (thrown) {
      warn({
        code: "listener-broken",
        message: `A listener for the ends of tasks failed: ${thrownText(thrown)}`,
      });
    }
  }

  tasks.onChange(settle);
  return {
    settle,
    hasNews,
    onNews: (listener) => {
      const own = (): void => listener();
      listeners.add(own);
      settle();
      return () => {
        listeners.delete(own);
      };
    },
    close: async () => {
      closed = true;
      await tasks.close();
      await record();
    },
  };
}
