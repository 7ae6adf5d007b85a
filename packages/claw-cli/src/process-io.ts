import type { Io } from "./io.ts";

/** The process that the program runs in. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    onSignal: (name, handler) => {
      process.on(name, handler);
      return () => process.off(name, handler);
    },
  };
}
