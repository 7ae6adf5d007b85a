import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { type ExecExit, type Execution, longestTimer } from "@claw/agent-core";
import { guardExit } from "./exit-guard.ts";
import type { Job } from "./job.ts";
import { jobMembers, membersOfShortJob } from "./job-members.ts";
import { OutputQueue } from "./output-queue.ts";
import { killJob, stopJob } from "./stop-job.ts";

/** A child that did start. */
export interface StartedChild extends ChildProcess {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

export interface Supervision {
  readonly timeoutMs: number | undefined;
  readonly graceMs: number;
  readonly drainMs: number;
  readonly keepLeftovers: boolean;
  /** All that the job starts has a higher process number, as long as numbers have not come round. */
  readonly newestPid: number;
  /** Called when nothing of the job is left to care for. */
  readonly onEnd: () => void;
}

/** Watches over a started program until it and all that it started have ended. To be called in the turn of the start. */
export function superviseJob(
  child: StartedChild,
  job: Job,
  signal: AbortSignal,
  supervision: Supervision,
): Execution {
  const output = new OutputQueue(child.stdout, child.stderr);
  const release = guardExit(() => killJob(job));
  const exit = untilEnd(child, job, output, signal, supervision).finally(() => {
    output.close();
    release();
    supervision.onEnd();
  });
  return { output, exit };
}

async function untilEnd(
  child: StartedChild,
  job: Job,
  output: OutputQueue,
  signal: AbortSignal,
  { timeoutMs, graceMs, drainMs, keepLeftovers, newestPid }: Supervision,
): Promise<ExecExit> {
  const startedAt = performance.now();
  const order = stopOrder(signal, timeoutMs);
  const end = await Promise.race([ownEnd(child), order.given]);
  if (end.type === "timed-out" || end.type === "cancelled") {
    await output.catchUp();
    output.close();
    return { ...end, survivors: await stopJob(job, graceMs) };
  }
  await output.settle(drainMs, order.given);
  order.forget();
  output.close();
  const clean = keepLeftovers || hasEnded(job, newestPid, performance.now() - startedAt);
  return { ...end, survivors: clean ? [] : await stopJob(job, graceMs) };
}

type OwnEnd =
  | { readonly type: "exited"; readonly code: number }
  | { readonly type: "signalled"; readonly signal: string };

function ownEnd(child: StartedChild): Promise<OwnEnd> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(signal === null ? { type: "exited", code: code ?? 0 } : { type: "signalled", signal });
    });
  });
}

interface StopOrder {
  /** Settles when the time is up or the signal fires; perhaps never. */
  readonly given: Promise<{ readonly type: "timed-out" | "cancelled" }>;
  readonly forget: () => void;
}

function stopOrder(signal: AbortSignal, timeoutMs: number | undefined): StopOrder {
  let forget = (): void => undefined;
  const given = new Promise<{ readonly type: "timed-out" | "cancelled" }>((resolve) => {
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => resolve({ type: "timed-out" }), Math.min(timeoutMs, longestTimer));
    const cancel = (): void => resolve({ type: "cancelled" });
    // It may have fired while the program was started.
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    forget = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    };
  });
  given.then(forget, forget);
  return { given, forget: () => forget() };
}

function hasEnded(job: Job, newestPid: number, ranMs: number): boolean {
  const members = ranMs < shortJobMs ? membersOfShortJob(job, newestPid) : jobMembers(job);
  return members?.length === 0;
}

/** Too short for process numbers to come round, even where there are only 32,768 of them. */
const shortJobMs = 250;
