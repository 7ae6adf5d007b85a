import type { Machine, SessionId } from "@claw/agent-core";

/** What the program of a task is called in the notes of running programs. */
export function taskLabel(session: SessionId, task: string): string {
  return `${session}/${task}`;
}

/** The same machine, on which the labels of one session's tasks are told from those of other sessions. */
export function labelledMachine(machine: Machine, session: SessionId): Machine {
  return {
    ...machine,
    exec: (request, signal) => {
      const { label } = request;
      return machine.exec(
        label === undefined ? request : { ...request, label: taskLabel(session, label) },
        signal,
      );
    },
  };
}
