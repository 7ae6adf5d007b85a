import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

export interface ProbeRun {
  /** `undefined`: it did not start, or took too long. */
  readonly code: number | undefined;
  readonly stderr: string;
}

const patienceMs = 10_000;

/** Runs a command that ends soon, with `input` at descriptor 3. Never rejects. */
export function runProbe(
  [program, ...args]: readonly [string, ...string[]],
  input?: Uint8Array,
): Promise<ProbeRun> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe", input === undefined ? "ignore" : "pipe"],
      timeout: patienceMs,
      killSignal: "SIGKILL",
    });
    let stderr = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      if (stderr.length < 2_000) stderr += bytes.toString();
    });
    child.once("error", (error) => resolve({ code: undefined, stderr: error.message }));
    child.once("close", (code) => resolve({ code: code ?? undefined, stderr }));
    // A pipe from descriptor 3 on can be written by us: so `stdio` above made it.
    const pipe = child.stdio[3] as Writable | null | undefined;
    pipe?.on("error", () => undefined);
    pipe?.end(input);
  });
}
