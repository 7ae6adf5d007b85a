import { hasEnded, type TaskRuntime } from "@claw/agent-tasks";
import { type AnyTool, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";
import { lineMatcher } from "./line-matcher.ts";
import type { TaskReader } from "./task-reader.ts";
import { unknownTask } from "./unknown-task.ts";
import { watchLines } from "./watch-lines.ts";

export interface MonitorInput {
  readonly task_id: string;
  /** A regular expression for one line of output. */
  readonly pattern: string;
  /** Milliseconds; left out: until the task ends. */
  readonly timeout?: number;
}

export interface MonitorToolOptions {
  readonly tasks: TaskRuntime;
  readonly reader: TaskReader;
}

/** Watches a background task's output beside the conversation; the first line that matches is told by a message. */
export function monitorTool({ tasks, reader }: MonitorToolOptions): AnyTool {
  return defineTool({
    name: "Monitor",
    description:
      "Watches the output of a background task for a line and returns at once: you are told when a line matches that you " +
      "have not seen yet, when the task ends without one, or at the timeout. Use it instead of sleeping or polling, such " +
      "as to wait until a server listens.",
    input: jsonSchema<MonitorInput>({
      type: "object",
      properties: {
        task_id: { type: "string", description: "Such as shell_1" },
        pattern: { type: "string", minLength: 1, description: "Regular expression (RE2) for one line" },
        timeout: {
          type: "number",
          exclusiveMinimum: 0,
          description: "Milliseconds; default: until the task ends",
        },
      },
      required: ["task_id", "pattern"],
      additionalProperties: false,
    }),
    // A watch reads what the session's own task says and ends with it.
    effects: () => [],
    effectClass: () => "idempotent",
    concurrent: () => false,
    run: async ({ task_id: id, pattern, timeout }) => {
      const matcher = await lineMatcher(pattern);
      if (matcher.type === "unusable") return failed("invalid-input", matcher.reason);
      const watched = tasks.get(id);
      if (watched === undefined) return unknownTask(tasks, id);
      const { matches } = matcher;
      const watch = tasks.start({
        kind: "watch",
        title: `/${pattern}/ in ${id}`,
        queue: false,
        start: (_, signal) =>
          watchLines({ tasks, id, from: reader.seen(id), matches, timeoutMs: timeout }, signal),
      });
      const past = hasEnded(watched)
        ? " The task has ended already; what it said last is looked through."
        : "";
      return ok(`${watch.id} watches ${id}.${past} You will be told; go on with something else.`, {
        task: watch.id,
      });
    },
  });
}
