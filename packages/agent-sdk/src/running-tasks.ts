import { resolve } from "node:path";
import { foldSession, type SessionId, type TaskState } from "@claw/agent-core";
import { fileJournal, sessionsInUse } from "@claw/agent-journal";
import { reapStale, type StopLabelled, stopLabelled } from "@claw/agent-tasks";
import { clawFolders } from "./claw-folders.ts";
import type { SessionsOf } from "./sessions.ts";
import { taskLabel } from "./task-label.ts";

/** A background task of a session that some process has open now. */
export interface RunningTask extends TaskState {
  readonly session: SessionId;
}

/**
 * The tasks that go on in all sessions of a working directory, as their journals tell it. Only sessions that a living
 * process has open are looked at: what another one's journal calls running was lost with its process.
 */
export async function runningTasks(
  options: Omit<SessionsOf, "journal"> = {},
): Promise<readonly RunningTask[]> {
  const { sessions, jobs } = foldersOf(options);
  // What a killed process left is no task of anybody: it is stopped.
  await reapStale({ folder: jobs });
  const journal = fileJournal({ root: sessions });
  const running: RunningTask[] = [];
  for (const session of await sessionsInUse(sessions)) {
    const fold = foldSession();
    for await (const event of journal.read(session)) if (event.type === "task") fold.apply(event);
    const open = fold.tasks.filter(({ status }) => status === "running" || status === "pending");
    running.push(...open.map((task) => ({ ...task, session })));
  }
  return running;
}

/**
 * Stops the command of a task from another process; its session is told that it ended by a signal. `unknown` for a task
 * that has no process of its own, such as a sub-agent or a watch, or a command that was moved to the background.
 */
export function stopRunningTask(
  options: Omit<SessionsOf, "journal">,
  { session, id }: Pick<RunningTask, "session" | "id">,
): Promise<StopLabelled> {
  return stopLabelled(foldersOf(options).jobs, taskLabel(session, id));
}

function foldersOf({ cwd, env }: Omit<SessionsOf, "journal">): ReturnType<typeof clawFolders> {
  return clawFolders(resolve(cwd ?? process.cwd()), env ?? process.env);
}
