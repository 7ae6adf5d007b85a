import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { ConfinedCommand } from "@claw/agent-core";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a wrapped command the way a host does, and waits for its end. Does not release it. */
export function runConfined(
  command: ConfinedCommand,
  { cwd, input, environment }: RunOptions,
): Promise<Ended> {
  const [program, ...args] = command.argv;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...environment, ...command.environment },
    stdio: ["pipe", "pipe", "pipe", ...command.inputs.map(() => "pipe" as const)],
  });
  command.inputs.forEach((bytes, index) => {
    const pipe = child.stdio[index + 3] as Writable;
    pipe.on("error", () => undefined);
    pipe.end(bytes);
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (bytes: Buffer) => {
    output.stdout += bytes.toString();
  });
  child.stderr?.on("data", (bytes: Buffer) => {
    output.stderr += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
}
