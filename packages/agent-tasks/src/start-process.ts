import type { ExecRequest, Execution } from "@claw/agent-core";
import { childEnvironment } from "./child-environment.ts";
import { guardAfter } from "./death-guard.ts";
import { identifyJob, type Job, markedEnvironment, newMarker } from "./job.ts";
import { recordJob } from "./job-record.ts";
import { launchProgram } from "./launch-program.ts";
import { type Limits, limitedCommand } from "./limits.ts";
import { shellCommand, spoken, waitingShell } from "./shell-command.ts";
import type { ReadyShell, ShellReserve } from "./shell-reserve.ts";
import { superviseJob } from "./supervise-job.ts";

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
  /**
   * Commands of bash (`bash --noprofile --norc -c TEXT`, in an `environment` that is given) are run by one that waits,
   * and have the next one wait. Whoever made it closes it. None by default.
   */
  readonly shells?: ShellReserve;
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
  const unguard = guardAfter(options.guardAfterMs ?? (request.label === undefined ? 100 : 0));
  const { child, marker, newestPid, onEnd } = await begin(request, options).catch((error: unknown) => {
    unguard();
    throw error;
  });
  const job = identifyJob(child.pid, marker);
  const unnote = noteJob(job, options.recordsFolder, request.label);
  return superviseJob(child, job, signal, {
    timeoutMs: request.timeoutMs,
    graceMs: Math.min(options.graceMs ?? 400, 1_000),
    drainMs: options.drainMs ?? 100,
    keepLeftovers: options.leftovers === "keep",
    newestPid,
    onEnd: () => {
      unnote();
      unguard();
      onEnd?.();
    },
  });
}

const notStarted: Execution = {
  output: {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  },
  exit: Promise.resolve({ type: "cancelled", survivors: [] }),
};

interface Begun extends ReadyShell {
  readonly onEnd?: () => void;
}

async function begin(request: ExecRequest, options: StartOptions): Promise<Begun> {
  const { shells } = options;
  const command = shellCommand(request, options);
  if (shells === undefined || command === undefined) {
    return launch(limitedCommand(request.argv, options.limits ?? {}), request.input, request, options);
  }
  const shell =
    shells.run(command) ?? (await launch(waitingShell(command.program), spoken(command), request, options));
  return { ...shell, onEnd: () => shells.refill(command) };
}

async function launch(
  argv: readonly [string, ...string[]],
  input: Uint8Array | undefined,
  request: ExecRequest,
  { environment = childEnvironment(process.env), inputs }: StartOptions,
): Promise<ReadyShell> {
  const marker = newMarker();
  const marked = markedEnvironment({ ...environment, ...request.env }, marker);
  const program = { argv, cwd: request.cwd, environment: marked };
  const child = await launchProgram(program, { input, inputs }, request);
  return { child, marker, newestPid: child.pid };
}

function noteJob(job: Job, folder: string | undefined, label: string | undefined): () => void {
  return folder === undefined ? () => undefined : recordJob(folder, job, label);
}
