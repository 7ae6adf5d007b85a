import type { AgentEvent } from "@claw/agent-sdk";

/** Tells second by second how long it is until the model is asked again. */
export interface Countdown {
  readonly event: (event: AgentEvent) => void;
  /** Empty while nothing is waited for. */
  readonly words: () => string;
  readonly end: () => void;
}

/** `onSecond` is called while there is something to show anew. */
export function createCountdown(onSecond: () => void): Countdown {
  let until = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    event: (event) => {
      // A sub-agent waits by itself, and what is told of tasks ends no wait.
      if (event.parent !== undefined || event.type === "tasks" || event.type === "notice") return;
      end();
      if (event.type !== "retry" || event.delayMs < shortest) return;
      until = Date.now() + event.delayMs;
      timer = setInterval(onSecond, 1000);
    },
    words: () =>
      timer === undefined
        ? ""
        : `    asking again in ${Math.max(0, Math.ceil((until - Date.now()) / 1000))} s`,
    end,
  };
}

/** Milliseconds: what is over sooner needs no counting. */
const shortest = 2000;
