import type { Task } from "@claw/agent-sdk";
import { printableLine } from "../terminal/printable.ts";
import type { Conversation } from "./conversation.ts";

/** Lines of a task's output that are shown. */
const shownLines = 20;

/** `/tasks`, `/tasks ID` and `/tasks stop ID`. */
export async function showTasks({ agent, say, warn }: Conversation, argument: string): Promise<void> {
  const { tasks } = agent();
  const [verb = "", named] = argument.split(/\s+/);
  if (verb === "") {
    const rows = tasks.list().map(taskRow);
    say(rows.length === 0 ? "There are no background tasks." : rows.join("\n"));
    return;
  }
  const id = verb === "stop" ? (named ?? "") : verb;
  const task = verb === "stop" ? await tasks.stop(id, "The user stopped it.") : tasks.get(id);
  if (task === undefined) {
    const ids = tasks.list().map((each) => each.id);
    warn(
      `There is no background task "${id}". ${ids.length === 0 ? "There are none." : `There are: ${ids.join(", ")}.`}`,
    );
    return;
  }
  const lines = tasks.output(id, 0).text.trimEnd().split("\n").slice(-shownLines);
  const output = verb === "stop" ? [] : lines.map((line) => `  ${printableLine(line, 300)}`);
  say([taskRow(task), ...output].join("\n"));
}

/** One line: id, how it stands, what it is and whose. */
export function taskRow({
  id,
  title,
  status,
  summary,
  output,
  agent,
}: Pick<Task, "id" | "title" | "status" | "summary" | "output" | "agent">): string {
  const end = summary === undefined || summary === "" ? "" : `: ${printableLine(summary, 120)}`;
  const file = output === undefined ? "" : `  ${printableLine(output, 300)}`;
  const whose = agent === undefined ? "" : `  of ${printableLine(agent, 80)}`;
  return `${id}  ${status}${end}  ${printableLine(title, 80)}${whose}${file}`;
}
