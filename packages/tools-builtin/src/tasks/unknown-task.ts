import type { ToolOutcome } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import { failed } from "@claw/agent-tools";

/** The answer to a task id that names nothing, with those that do. */
export function unknownTask(tasks: TaskRuntime, id: string): ToolOutcome {
  const known = tasks.list().map((task) => task.id);
  const there = known.length === 0 ? "There are none." : `There are: ${known.slice(-50).join(", ")}.`;
  return failed("invalid-input", `There is no background task "${id.slice(0, 100)}". ${there}`);
}
