import { thrownText } from "./fault.ts";
import type { TaskFeed } from "./ports/task-feed.ts";
import type { Recorder } from "./recorder.ts";

/**
 * Writes down what becomes of background tasks while a run goes on, and shows the whole list after each change.
 * What changes before and after is taken by whoever records between runs.
 * @returns stops it; to be called before the `run-end` is written.
 */
export function followTasks(feed: TaskFeed | undefined, recorder: Recorder): () => void {
  if (feed === undefined) return () => undefined;
  let forget = (): void => undefined;

  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      forget();
      const text = `Background tasks are no longer recorded: ${thrownText(error)}`;
      recorder.emit({ type: "notice", level: "warning", code: "tasks-broken", text });
    }
  };
  const tell = (): void => {
    for (const task of feed.take()) {
      void recorder.record({ type: "task", task }).catch(() => undefined); // no JSON, so nobody can keep it
    }
    recorder.emit({ type: "tasks", tasks: feed.list() });
  };

  guarded(() => {
    if (feed.list().length > 0) tell();
    forget = feed.onChange(() => guarded(tell));
  });
  return () => forget();
}
