import type { Job } from "./terminal/job.ts";
import type { KeySource } from "./terminal/read-keys.ts";
import type { ScreenOutput } from "./terminal/screen.ts";

/** All that the command line touches of its process. */
export interface Io {
  /** Opened when it is first asked for. */
  readonly stdin: KeySource;
  /** Its descriptor, to look at it before it is opened. Absent where it has none. */
  readonly stdinFile?: number;
  readonly stdout: ScreenOutput;
  readonly stderr: ScreenOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Calls the handler each time the signal arrives, until the returned function is called. */
  readonly onSignal: (name: SignalName, handler: () => void) => () => void;
  /** Absent where the system has no jobs. */
  readonly job?: Job;
}

export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";
