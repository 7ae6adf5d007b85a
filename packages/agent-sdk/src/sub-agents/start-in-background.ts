import type { ToolOutcome } from "@claw/agent-core";
import type { TaskOutcome, TaskRuntime, TaskSink } from "@claw/agent-tasks";
import { ok } from "@claw/agent-tools";
import type { AgentRequest } from "@claw/tools-builtin";

/** Works as the task of this id until its end. */
export type BackgroundWork = (id: string, signal: AbortSignal, output: TaskSink) => Promise<ToolOutcome>;

/** Lets an agent go on beside the conversation: the call is answered at once. */
export function startInBackground(
  tasks: TaskRuntime,
  { kind, description }: AgentRequest,
  work: BackgroundWork,
): ToolOutcome {
  const task = tasks.start({
    kind: "agent",
    title: description.trim() === "" ? kind : `${kind}: ${description}`,
    start: async (output, signal, id) => taskOutcome(await work(id, signal, output)),
  });
  const first = task.status === "pending" ? "Waits for its turn" : "Runs";
  const words = `${first} in the background as ${task.id}. You will be told its answer when it ends. SendMessage to ${task.id} says something to it, TaskStop stops it.`;
  return ok(words, { agent: task.id, kind, task: task.id });
}

function taskOutcome(outcome: ToolOutcome): TaskOutcome {
  const summary = outcome.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  const status =
    outcome.status === "ok" ? "completed" : outcome.status === "cancelled" ? "cancelled" : "failed";
  return { status, summary: summary === "" ? "It was cancelled." : summary };
}
