import { text, type UserMessage } from "@claw/agent-core";
import type { Task } from "./task.ts";

/** What the model is told when a task has ended: a message that nobody typed, and that says so. */
export function taskNotice(task: Task): UserMessage {
  const { id, kind, title, status, summary = "", output, outputBytes } = task;
  const lasted =
    task.startedAt === undefined || task.endedAt === undefined ? "" : after(task.endedAt - task.startedAt);
  const where = output === undefined ? "" : `, all of it is in ${output}`;
  const looked =
    outputBytes === 0 ? "" : `\nTaskOutput shows what is new of its ${outputBytes} bytes of output${where}.`;
  const words = `[Notice of a background task, not typed by the user] ${id} (${kind}: ${title}) ${status}${lasted}: ${bounded(summary)}${looked}`;
  return { role: "user", origin: "task", task: id, content: [text(words)] };
}

/** Characters of a summary that go into the conversation. */
const longestSummary = 20_000;

function bounded(summary: string): string {
  if (summary.length <= longestSummary) return summary;
  const shown = summary.slice(0, longestSummary).replace(/[\uD800-\uDBFF]$/, "");
  return `${shown} [… ${summary.length - shown.length} more characters]`;
}

function after(milliseconds: number): string {
  return ` after ${milliseconds < 10_000 ? Math.round(milliseconds / 100) / 10 : Math.round(milliseconds / 1000)} s`;
}
