import type { TaskState } from "@claw/agent-core";

/** Something that goes on beside the conversation: a command, a sub-agent, a watch. */
export interface TaskSpec {
  /** `shell`, `agent`, `watch` or a kind of your own: letters, digits and hyphens. It begins the task's id. */
  readonly kind: string;
  /** What it is, in one line, for people and the model. */
  readonly title: string;
  /**
   * Does it. Must stop when `signal` fires; one that does not is no longer waited for, and what it says later is
   * dropped. A throw is `failed`, and `cancelled` once the signal has fired. `id` is the task's.
   */
  readonly start: (output: TaskSink, signal: AbortSignal, id: string) => Promise<TaskOutcome>;
  /** The sub-agent whose task it is, by its id: nobody else is told of it. Absent: the conversation's own. */
  readonly agent?: string;
  /** `false`: starts at once, whatever the limit: it runs already, or costs nothing while it waits. */
  readonly queue?: false;
}

/** Takes output as it comes. Await it, so that the disk's pace is the writer's. Never rejects. */
export type TaskSink = (piece: Uint8Array | string) => Promise<void>;

/** How a task ended. */
export interface TaskOutcome {
  readonly status: "completed" | "failed" | "cancelled";
  /** What the model is told of the end: an exit code, an answer. */
  readonly summary: string;
}

/** A task as it is now. */
export interface Task extends TaskState {
  /** Bytes of output so far. */
  readonly outputBytes: number;
  /** Of these the last ones that its file has not, for want of room; absent where there is no file, or it is still written. */
  readonly outputDropped?: number;
  /** Milliseconds since the epoch; absent while it waits for its turn. */
  readonly startedAt?: number;
  readonly endedAt?: number;
}

export function hasEnded({ status }: TaskState): boolean {
  return status !== "pending" && status !== "running";
}
