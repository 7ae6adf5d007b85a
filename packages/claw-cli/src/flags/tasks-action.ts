import { notACommand } from "./not-a-command.ts";
import { UsageError } from "./usage-error.ts";

/** What `claw tasks` is asked to do. */
export type TasksAction =
  | { readonly type: "list" }
  | { readonly type: "output" | "stop"; readonly id: string };

/** Reads the words after `claw tasks`. Throws a `UsageError`. */
export function tasksAction(words: readonly string[]): TasksAction {
  const [verb = "list", id, extra] = words;
  if (verb === "list" && id === undefined) return { type: "list" };
  if ((verb === "output" || verb === "stop") && extra === undefined) {
    if (id !== undefined) return { type: verb, id };
    throw new UsageError(`tasks ${verb} needs the id of a task.`, "claw tasks shows them.");
  }
  throw notACommand(["tasks", ...words], ["list", "output", "stop"], "tasks list, output ID, stop ID");
}
