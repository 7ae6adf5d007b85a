import { createReadStream } from "node:fs";
import {
  type AgentOptions,
  FaultError,
  type RunningTask,
  runningTasks,
  stopRunningTask,
} from "@claw/agent-sdk";
import { agentOptions } from "../agent-options.ts";
import type { Flags } from "../flags/flags.ts";
import type { TasksAction } from "../flags/tasks-action.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../json-line.ts";
import { taskRow } from "../repl/show-tasks.ts";
import { createStreamWriter } from "../stream-writer.ts";
import { printable } from "../terminal/printable.ts";

/** `claw tasks …`: what goes on in the sessions that other processes have open. Rejects with a `FaultError`. */
export async function runTasks(action: TasksAction, flags: Flags, io: Io): Promise<number> {
  const options = await agentOptions(flags, io);
  const writer = createStreamWriter(io.stdout, () => undefined);
  const tasks = await runningTasks(options);
  if (action.type === "stop") await stop(options, named(tasks, action.id), io);
  const output =
    action.type === "list"
      ? rows(tasks, flags, io)
      : action.type === "output"
        ? text(named(tasks, action.id), io)
        : [];
  for await (const piece of output) {
    await writer.write(piece);
    if (writer.broken()) return 141;
  }
  await writer.flush();
  return 0;
}

function rows(tasks: readonly RunningTask[], flags: Flags, io: Io): readonly string[] {
  if (flags.outputFormat !== "text") return tasks.map((task) => jsonLine(task));
  if (tasks.length === 0) io.stderr.write("Nothing goes on in the background of this folder's sessions.\n");
  return tasks.map((task) => `${taskRow({ ...task, id: fullId(task) })}\n`);
}

/** Of two sessions' tasks one may be called like the other: then the session is a part of the name. */
function fullId({ session, id }: RunningTask): string {
  return `${session}/${id}`;
}

function named(tasks: readonly RunningTask[], id: string): RunningTask {
  const found = tasks.filter((task) => task.id === id || fullId(task) === id);
  const [task] = found;
  if (task !== undefined && found.length === 1) return task;
  throw new FaultError({
    code: "task-unknown",
    message:
      found.length === 0 ? `There is no running task "${id}".` : `Several sessions have a task "${id}".`,
    hint:
      tasks.length === 0 ? "Nothing goes on in the background." : `Running: ${tasks.map(fullId).join(", ")}.`,
  });
}

/** As it is into a pipe; at a terminal without what could act on it. */
async function* text({ id, output }: RunningTask, io: Io): AsyncGenerator<string> {
  if (output === undefined) {
    throw new FaultError({
      code: "no-output",
      message: `The task "${id}" has said nothing yet, or keeps no file.`,
    });
  }
  for await (const piece of createReadStream(output, "utf8")) {
    yield io.stdout.isTTY === true ? printable(String(piece)) : String(piece);
  }
}

async function stop(options: AgentOptions, task: RunningTask, io: Io): Promise<void> {
  const stopped = await stopRunningTask(options, task);
  if (stopped.type === "unknown") {
    throw new FaultError({
      code: "task-not-stoppable",
      message: `The task "${task.id}" has no process that can be found from here.`,
      hint: "Stop it in its session: /tasks stop ID.",
    });
  }
  const left = stopped.survivors.length === 0 ? "" : ` Still running: ${stopped.survivors.join(", ")}.`;
  io.stderr.write(`Stopped ${fullId(task)}.${left}\n`);
}
