import { type ChildProcess, spawn } from "node:child_process";
import type { ExecRequest, Execution } from "@claw/agent-core";
import { childEnvironment } from "./child-environment.ts";
import { guardAfter } from "./death-guard.ts";
import { identifyJob, type Job, markerValue, markerVariable, newMarker } from "./job.ts";
import { recordJob } from "./job-record.ts";
import { type Limits, limitedCommand } from "./limits.ts";
import { startFault } from "./start-fault.ts";
import { type StartedChild, superviseJob } from "./supervise-job.ts";

export interface StartOptions {
  /** The whole environment that `request.env` is added to; by default `childEnvironment(process.env)`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** From SIGTERM to SIGKILL, in milliseconds: 400 by default, at most 1,000. */
  readonly graceMs?: number;
  /** How long output is awaited after the program's end while something else holds its pipe: 100 ms by default. */
  readonly drainMs?: number;
  /**
   * What becomes of processes that a program leaves behind when it ends by itself. `stop` (the default) ends them
   * too; `keep` leaves them: they lose their output then, and are stopped with nothing but their own end.
   */
  readonly leftovers?: "stop" | "keep";
  readonly limits?: Limits;
  /**
   * A program that runs for longer than this is guarded by a small process, which stops it when ours is killed: 100 ms
   * by default, and 0 for one with a label, which is meant to go on; `Infinity` for no guard. Until then `recordsFolder`
   * is what it is found by.
   */
  readonly guardAfterMs?: number;
  /** What the program reads from descriptor 3, 4, … on, each to its end. None by default. */
  readonly inputs?: readonly Uint8Array[];
  /** Where running jobs are noted, for `reapStale` to find after this process was killed. Made when missing. */
  readonly recordsFolder?: string;
}

/**
 * Starts a program in a session and process group of its own, without a terminal and with no input but its own, and
 * watches over all that it starts: a timeout, `signal`, the program's own end and the exit of our process stop the
 * whole tree. The output must be read, or left, for the program to get on: 256 KiB of it wait.
 *
 * Rejects only with a `FaultError` `cannot-start`, which names the missing program or folder. With a `signal` that
 * has fired already nothing is started, and the exit is `cancelled`.
 */
export async function startProcess(
  request: ExecRequest,
  signal: AbortSignal,
  options: StartOptions = {},
): Promise<Execution> {
  if (signal.aborted) return notStarted;
  const marker = newMarker();
  const environment = {
    ...(options.environment ?? childEnvironment(process.env)),
    ...request.env,
  };
  environment[markerVariable] = markerValue(environment[markerVariable], marker);
  const command = limitedCommand(request.argv, options.limits ?? {});
  const unguard = guardAfter(options.guardAfterMs ?? (request.label === undefined ? 100 : 0));
  const child = await launch(request, command, environment, options.inputs ?? []).catch((error: unknown) => {
    unguard();
    throw error;
  });
  const job = identifyJob(child.pid, marker);
  return superviseJob(child, job, signal, {
    timeoutMs: request.timeoutMs,
    graceMs: Math.min(options.graceMs ?? 400, 1_000),
    drainMs: options.drainMs ?? 100,
    keepLeftovers: options.leftovers === "keep",
    onEnd: both(noteJob(job, options.recordsFolder, request.label), unguard),
  });
}

const notStarted: Execution = {
  output: {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  },
  exit: Promise.resolve({ type: "cancelled", survivors: [] }),
};

async function launch(
  request: ExecRequest,
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  inputs: readonly Uint8Array[],
): Promise<StartedChild> {
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: request.cwd,
      env: environment,
      detached: true,
      stdio: [
        request.input === undefined ? "ignore" : "pipe",
        "pipe",
        "pipe",
        ...inputs.map(() => "pipe" as const),
      ],
      windowsHide: true,
    });
  } catch (error) {
    throw await startFault(error, request);
  }
  if (isStarted(child)) {
    child.on("error", () => undefined); // a failed start is told below; nothing else is to be learned from it
    if (request.input !== undefined) feed(child.stdin, request.input);
    for (const [index, bytes] of inputs.entries()) feed(child.stdio[index + 3], bytes);
    return child;
  }
  const error = await new Promise<unknown>((resolve) => child.once("error", resolve));
  throw await startFault(error, request);
}

/** A program that does not read what it is given has its reason; it says so itself. */
function feed(pipe: ChildProcess["stdio"][number] | undefined, bytes: Uint8Array): void {
  if (pipe === null || pipe === undefined || !("end" in pipe)) return;
  pipe.on("error", () => undefined);
  pipe.end(bytes);
}

function isStarted(child: ChildProcess): child is StartedChild {
  return child.pid !== undefined && child.stdout !== null && child.stderr !== null;
}

function both(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}

function noteJob(job: Job, folder: string | undefined, label: string | undefined): () => void {
  return folder === undefined ? () => undefined : recordJob(folder, job, label);
}
