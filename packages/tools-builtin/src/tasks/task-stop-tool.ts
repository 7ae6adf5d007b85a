import { hasEnded, type TaskRuntime } from "@claw/agent-tasks";
import { type AnyTool, defineTool, jsonSchema, ok } from "@claw/agent-tools";
import { taskLine } from "./task-line.ts";
import { unknownTask } from "./unknown-task.ts";

export interface TaskStopInput {
  readonly task_id: string;
}

/** Stops a background task of this session with all that it started. */
export function taskStopTool({ tasks }: { readonly tasks: TaskRuntime }): AnyTool {
  return defineTool({
    name: "TaskStop",
    aliases: ["KillShell", "KillBash"],
    description: "Stops a background task and every process that it started.",
    input: jsonSchema<TaskStopInput>({
      type: "object",
      properties: { task_id: { type: "string", description: "Such as shell_1" } },
      required: ["task_id"],
      additionalProperties: false,
    }),
    // It undoes what was permitted when the task was started, and reaches nothing else.
    effects: () => [],
    effectClass: () => "idempotent",
    concurrent: () => false,
    run: async ({ task_id: id }, { signal }) => {
      const before = tasks.get(id);
      if (before === undefined) return unknownTask(tasks, id);
      const task = (await tasks.stop(id, "It was stopped by TaskStop.")) ?? before;
      // A result that nobody waits for any more is read by nobody: then a message tells it.
      if (!signal.aborted) tasks.markTold(id);
      const first = hasEnded(before) ? "It had ended already.\n" : "";
      return ok(`${first}${taskLine(task, Date.now())}`, { task: id, status: task.status });
    },
  });
}
