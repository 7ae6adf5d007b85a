import { longestTimer, onAbort } from "@claw/agent-core";
import { hasEnded, type TaskOutcome, type TaskRuntime } from "@claw/agent-tasks";

export interface LineWatch {
  readonly tasks: TaskRuntime;
  /** The task whose output is watched. */
  readonly id: string;
  /** The byte to begin at. */
  readonly from: number;
  readonly matches: (line: string) => boolean;
  /** Absent: until the task ends. */
  readonly timeoutMs: number | undefined;
}

/** A flood is looked at a few times a second: what memory no longer holds by then was not seen, and that is said. */
const pauseMs = 50;
/** Characters of a line that has no end yet. */
const longestOpen = 10_000;
/** Characters of the line that are told. */
const longestTold = 2_000;

/** Resolves with the first line that matches, or with why none did. Never rejects. */
export function watchLines(watch: LineWatch, signal: AbortSignal): Promise<TaskOutcome> {
  const { tasks, id, matches, timeoutMs } = watch;
  let next = watch.from;
  let open = "";
  let missed = 0;

  /** The first new line that matches. */
  function look(atEnd: boolean): string | undefined {
    const slice = tasks.output(id, next);
    next = slice.next;
    missed += slice.missed;
    const lines = (open + slice.text).split("\n");
    open = atEnd ? "" : (lines.pop() ?? "").slice(-longestOpen);
    return lines.find(matches);
  }

  return new Promise((resolve) => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let limit: ReturnType<typeof setTimeout> | undefined;
    const settle = (status: TaskOutcome["status"], summary: string): void => {
      forgetOutput();
      forgetSignal();
      clearTimeout(waiting);
      clearTimeout(limit);
      const unseen = missed === 0 ? "" : ` (${missed} bytes went by too fast to be looked at)`;
      resolve({ status, summary: summary + unseen });
    };
    const check = (): void => {
      waiting = undefined;
      const task = tasks.get(id);
      const over = task === undefined || hasEnded(task);
      const line = look(over);
      if (line !== undefined) settle("completed", `this line came: ${line.slice(0, longestTold)}`);
      else if (over) settle("failed", `${id} ended and no line matched.`);
    };
    const forgetOutput = tasks.onOutput(id, () => {
      waiting ??= setTimeout(check, pauseMs);
    });
    const forgetSignal = onAbort(signal, () => settle("cancelled", "It was stopped."));
    if (timeoutMs !== undefined) {
      const late = (): void => settle("failed", `no line matched within ${timeoutMs} ms.`);
      limit = setTimeout(late, Math.min(timeoutMs, longestTimer));
    }
    waiting = setTimeout(check, 0);
  });
}
