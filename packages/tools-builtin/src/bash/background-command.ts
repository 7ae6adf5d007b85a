import {
  type ExecExit,
  type ExecRequest,
  FaultError,
  type Machine,
  type ToolOutcome,
} from "@claw/agent-core";
import type { Task, TaskOutcome, TaskRuntime } from "@claw/agent-tasks";
import { ok } from "@claw/agent-tools";
import { exitCodeOfSignal } from "./signal-name.ts";

/** Starts a command as a task: it goes on when the call and the run have ended, and stops with the session. */
export function startInBackground(
  tasks: TaskRuntime,
  machine: Machine,
  title: string,
  request: ExecRequest,
): ToolOutcome {
  const task = tasks.start({
    kind: "shell",
    title,
    start: async (output, signal, label) => {
      try {
        const execution = await machine.exec({ ...request, label }, signal);
        for await (const { bytes, discard } of execution.output) {
          await output(bytes);
          discard?.();
        }
        return commandOutcome(await execution.exit);
      } catch (thrown) {
        if (!FaultError.isInstance(thrown)) throw thrown;
        const { message, hint = "" } = thrown.fault;
        return { status: "failed", summary: `${message} ${hint}`.trim() };
      }
    },
  });
  const first = task.status === "pending" ? "Waits for its turn" : "Runs";
  return ok(`${first} in the background as ${task.id}. ${howToLook(tasks)}`, { task: task.id });
}

/** Takes over a command that runs already. `run` is given where its output goes from now on, and what stops it. */
export function moveToBackground(
  tasks: TaskRuntime,
  title: string,
  run: (output: (bytes: Uint8Array) => Promise<void>, signal: AbortSignal) => Promise<ExecExit>,
): Task {
  return tasks.start({
    kind: "shell",
    title,
    queue: false,
    start: async (output, signal) => commandOutcome(await run(output, signal)),
  });
}

/** What a model can do about a task, for the result that names it. */
export function howToLook({ agent }: TaskRuntime): string {
  const end = agent === undefined ? "the end of the session does too." : "your last message does too.";
  return `You will be told when it ends. TaskOutput shows its output, Monitor waits for a line of it, TaskStop stops it; ${end}`;
}

function commandOutcome(exit: ExecExit): TaskOutcome {
  const { survivors, leftovers = [] } = exit;
  const running =
    survivors.length === 0 ? "" : `; processes that could not be stopped: ${survivors.join(", ")}`;
  const left = [running, ...leftovers].join(" ").trimEnd();
  switch (exit.type) {
    case "exited":
      return { status: exit.code === 0 ? "completed" : "failed", summary: `exit code ${exit.code}${left}` };
    case "signalled":
      return {
        status: "failed",
        summary: `exit code ${exitCodeOfSignal(exit.signal)} (ended by ${exit.signal})${left}`,
      };
    case "timed-out":
      return { status: "failed", summary: `it ran out of time${left}` };
    case "cancelled":
      return { status: "cancelled", summary: `it was stopped, and all that it started${left}` };
  }
}
