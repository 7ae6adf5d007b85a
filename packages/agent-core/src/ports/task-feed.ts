import type { TaskState } from "../event.ts";

/** The background tasks of a session, as a run needs them to journal what becomes of them. */
export interface TaskFeed {
  /** All of them, as they are now. */
  readonly list: () => readonly TaskState[];
  /** Every state that a task came into since the last call, in order. Taken once, whoever takes it writes it down. */
  readonly take: () => readonly TaskState[];
  /** Calls the listener after each change. @returns forgets it. */
  readonly onChange: (listener: () => void) => () => void;
}
