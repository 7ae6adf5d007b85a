import type { Io } from "./io.ts";
import type { Job } from "./terminal/job.ts";

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
    ...(process.platform === "win32" ? {} : { job }),
  };
}

const job: Job = {
  // The whole group, as the terminal would: whoever started the program is to stop with it.
  suspend: () => void process.kill(0, "SIGTSTP"),
  onContinue: (handler) => {
    process.on("SIGCONT", handler);
    return () => process.off("SIGCONT", handler);
  },
};

/** Where the process was started, also when that folder was removed since: what needs it will say so. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return process.env["PWD"] ?? "/";
  }
}
