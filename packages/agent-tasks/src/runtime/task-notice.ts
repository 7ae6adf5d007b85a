import { text, type UserMessage } from "@claw/agent-core";
import { outputPlace } from "./output-place.ts";
import type { Task } from "./task.ts";

/** What the model is told when a task has ended: a message that nobody typed, and that says so. */
export function taskNotice(task: Task): UserMessage {
  const { id, kind, title, status, summary = "", outputBytes } = task;
  const lasted =
    task.startedAt === undefined || task.endedAt === undefined ? "" : after(task.endedAt - task.startedAt);
  const place = outputPlace(task);
  const where = place === undefined ? "" : `, ${place}`;
  const looked =
    outputBytes === 0 ? "" : `\nTaskOutput shows what is new of its ${outputBytes} bytes of output${where}.`;
  const words = `[Notice of a background task, not typed by the user] ${id} (${kind}: ${title}) ${status}${lasted}: ${summary}${looked}`;
  return { role: "user", origin: "task", task: id, content: [text(words)] };
}

function after(milliseconds: number): string {
  return ` after ${milliseconds < 10_000 ? Math.round(milliseconds / 100) / 10 : Math.round(milliseconds / 1000)} s`;
}
