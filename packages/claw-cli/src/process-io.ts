import type { Io } from "./io.ts";

/** The process that the program runs in. */
export function processIo(): Io {
  return {
    get stdin() {
      return process.stdin;
    },
    stdinFile: 0,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: workingDirectory(),
    onSignal: (name, handler) => {
      process.on(name, handler);
      return () => process.off(name, handler);
    },
  };
}

/** Where the process was started, also when that folder was removed since: what needs it will say so. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return process.env["PWD"] ?? "/";
  }
}
