import { hasEnded, type OutputSlice, type TaskRuntime } from "@claw/agent-tasks";

/** What one model has seen of each task's output: shared by the tools that show it. */
export interface TaskReader {
  /** Where the part begins that was not shown yet. */
  readonly seen: (id: string) => number;
  /** What is new since the last time. With `wholeLines` a line that still goes on is left for the next time. */
  readonly takeNew: (id: string, wholeLines: boolean) => OutputSlice;
}

export function createTaskReader(tasks: TaskRuntime): TaskReader {
  const shown = new Map<string, number>();
  const seen = (id: string): number => shown.get(id) ?? 0;
  return {
    seen,
    takeNew: (id, wholeLines) => {
      const slice = tasks.output(id, seen(id));
      const task = tasks.get(id);
      const kept =
        wholeLines && task !== undefined && !hasEnded(task) ? lastLineStart(slice.text) : undefined;
      const text = kept === undefined ? slice.text : slice.text.slice(0, kept);
      const next =
        slice.next - (kept === undefined ? 0 : new TextEncoder().encode(slice.text.slice(kept)).length);
      shown.set(id, next);
      return { text, next, missed: slice.missed };
    },
  };
}

function lastLineStart(text: string): number {
  return text.lastIndexOf("\n") + 1;
}
