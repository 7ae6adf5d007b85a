import { type ChildProcess, spawn } from "node:child_process";
import type { ExecRequest } from "@claw/agent-core";
import { startFault } from "./start-fault.ts";
import type { StartedChild } from "./supervise-job.ts";

/** A program as the system is told of it. */
export interface Program {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole of it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a program reads, each to its end. */
export interface ProgramInput {
  /** On its standard input: nothing when left out. */
  readonly input?: Uint8Array | undefined;
  /** On descriptor 3, 4, … on. */
  readonly inputs?: readonly Uint8Array[] | undefined;
}

/** Rejects with a `FaultError` `cannot-start`, which speaks of `request`. */
export async function launchProgram(
  program: Program,
  { input, inputs = [] }: ProgramInput,
  request: ExecRequest,
): Promise<StartedChild> {
  let child: ChildProcess;
  try {
    child = spawnAlone(program, input === undefined ? "ignore" : "pipe", inputs.length);
  } catch (error) {
    throw await startFault(error, request);
  }
  if (isStarted(child)) {
    child.on("error", () => undefined); // a failed start is told below; nothing else is to be learned from it
    if (input !== undefined) feed(child.stdin, input);
    for (const [index, bytes] of inputs.entries()) feed(child.stdio[index + 3], bytes);
    return child;
  }
  const error = await new Promise<unknown>((resolve) => child.once("error", resolve));
  throw await startFault(error, request);
}

/** Starts it in a session and process group of its own, without a terminal. Throws what the system refuses at once. */
export function spawnAlone(
  { argv: [program, ...args], cwd, environment }: Program,
  stdin: "ignore" | "pipe",
  inputs = 0,
): ChildProcess {
  const more = Array.from({ length: inputs }, () => "pipe" as const);
  const stdio = [stdin, "pipe" as const, "pipe" as const, ...more];
  return spawn(program, args, { cwd, env: environment, detached: true, stdio, windowsHide: true });
}

/** A program that does not read what it is given has its reason; it says so itself. */
export function feed(pipe: ChildProcess["stdio"][number] | undefined, bytes: Uint8Array): void {
  if (pipe === null || pipe === undefined || !("end" in pipe)) return;
  pipe.on("error", () => undefined);
  pipe.end(bytes);
}

export function isStarted(child: ChildProcess): child is StartedChild {
  return child.pid !== undefined && child.stdout !== null && child.stderr !== null;
}
