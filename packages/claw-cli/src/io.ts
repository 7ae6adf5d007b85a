import type { KeySource } from "./terminal/read-keys.ts";
import type { ScreenOutput } from "./terminal/screen.ts";

/** All that the command line touches of its process. */
export interface Io {
  readonly stdin: KeySource;
  readonly stdout: ScreenOutput;
  readonly stderr: ScreenOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Calls the handler each time the signal arrives, until the returned function is called. */
  readonly onSignal: (name: SignalName, handler: () => void) => () => void;
}

export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";
