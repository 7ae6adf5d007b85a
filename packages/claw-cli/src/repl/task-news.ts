import type { Agent, Task } from "@claw/agent-sdk";

/** What becomes of the ends of background tasks while no run goes on. */
export interface TaskNews {
  /** Listens to the agent that is there now. */
  readonly watch: () => void;
  readonly forget: () => void;
  /** Begins a run for what waits, or says that it does. To be called when a run has ended, too. */
  readonly take: () => void;
  /** The person said something. */
  readonly heard: () => void;
}

export interface TaskNewsOptions {
  readonly agent: () => Agent;
  /** Nothing goes on, and the person stays. */
  readonly idle: () => boolean;
  /** Whether a run may begin by itself. */
  readonly wake: boolean;
  readonly begin: () => void;
  readonly say: (text: string) => void;
  readonly onChange: () => void;
}

/** Runs in a row that begin by themselves: a model that starts a new task in each would go on for ever. */
const maxWakes = 10;

export function createTaskNews({ agent, idle, wake, begin, say, onChange }: TaskNewsOptions): TaskNews {
  let wakes = 0;
  let said = "";
  let forgets: readonly (() => void)[] = [];
  const forget = (): void => {
    for (const each of forgets) each();
  };
  const take = (): void => {
    const fresh = idle() ? freshNews(agent()) : "";
    if (fresh === "") return;
    if (wake && wakes < maxWakes) {
      wakes += 1;
      begin();
      return;
    }
    if (fresh === said) return;
    said = fresh;
    const why = wake ? ` ${maxWakes} runs in a row began by themselves.` : "";
    say(`Ended in the background: ${fresh} (/tasks).${why} The model is told with your next prompt.`);
  };
  return {
    take,
    forget,
    watch: () => {
      forget();
      forgets = [agent().onNews(take), agent().tasks.onChange(onChange)];
    },
    heard: () => {
      wakes = 0;
    },
  };
}

/**
 * Tasks that this process ran and that have ended by themselves: what the person stopped, or a session's earlier process
 * left, can wait for the next prompt.
 */
function freshNews({ hasNews, tasks }: Agent): string {
  const isFresh = ({ status, startedAt, endedAt, told, agent }: Task): boolean =>
    agent === undefined &&
    status !== "cancelled" &&
    startedAt !== undefined &&
    endedAt !== undefined &&
    told !== true;
  const fresh = hasNews ? tasks.list().filter(isFresh) : [];
  return fresh.map(({ id }) => id).join(", ");
}
