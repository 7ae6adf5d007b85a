import { hasEnded, type TaskRuntime } from "@claw/agent-tasks";

/** What one model has seen of each task's output: shared by the tools that show it. */
export interface TaskReader {
  /** Where the part begins that was not shown yet. */
  readonly seen: (id: string) => number;
  /** What is new since the last time. With `wholeLines` a line that still goes on is left for the next time. */
  readonly look: (id: string, wholeLines: boolean) => NewOutput;
}

export interface NewOutput {
  readonly text: string;
  /** Bytes before the text that are no longer in memory. */
  readonly missed: number;
  /** To be called when the model gets it: it is not new the next time. */
  readonly markSeen: () => void;
}

export function createTaskReader(tasks: TaskRuntime): TaskReader {
  const shown = new Map<string, number>();
  const seen = (id: string): number => shown.get(id) ?? 0;
  return {
    seen,
    look: (id, wholeLines) => {
      const slice = tasks.output(id, seen(id));
      const task = tasks.get(id);
      const kept =
        wholeLines && task !== undefined && !hasEnded(task) ? lastLineStart(slice.text) : undefined;
      const text = kept === undefined ? slice.text : slice.text.slice(0, kept);
      const next =
        slice.next - (kept === undefined ? 0 : new TextEncoder().encode(slice.text.slice(kept)).length);
      return { text, missed: slice.missed, markSeen: () => void shown.set(id, next) };
    },
  };
}

function lastLineStart(text: string): number {
  return text.lastIndexOf("\n") + 1;
}
