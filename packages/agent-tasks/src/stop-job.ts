import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "./job.ts";
import { jobMembers } from "./job-members.ts";
import { isRunning, type ProcessEntry } from "./process-table.ts";

/**
 * Stops every process of a job: asks with SIGTERM, and after `graceMs` forces with SIGKILL, again for a while as
 * processes may appear between the look and the signal.
 * @returns the ids of those that still run, such as another user's. Never rejects; takes about `graceMs` + 600 ms at
 * most.
 */
export async function stopJob(job: Job, graceMs: number): Promise<readonly number[]> {
  let members = look(job, []);
  signalAll(job, members, "SIGTERM");
  members = await endWithin(job, members, graceMs);
  for (let round = 0; round < 4 && members.length > 0; round += 1) {
    signalAll(job, members, "SIGKILL");
    members = await endWithin(job, members, 150);
  }
  return members.map((member) => member.pid);
}

/** The same by force and at once, for the last moments of our own process. */
export function killJob(job: Job): void {
  let members = look(job, []);
  for (let round = 0; round < 3 && members.length > 0; round += 1) {
    signalAll(job, members, "SIGKILL");
    members = look(job, members);
  }
}

/** The members that run; where processes cannot be listed, the group as one. */
function look(job: Job, known: readonly ProcessEntry[]): readonly ProcessEntry[] {
  return jobMembers(job, known) ?? (send(-job.pid, 0) ? [groupAsOne(job)] : []);
}

function groupAsOne({ pid, startedAt }: Job): ProcessEntry {
  return { pid, startedAt, parent: process.pid, group: pid, session: pid, running: true };
}

function signalAll(job: Job, members: readonly ProcessEntry[], signal: "SIGTERM" | "SIGKILL"): void {
  // The group at once: the kernel reaches all of it, also those that are being forked just now.
  if (members.some((member) => member.group === job.pid)) send(-job.pid, signal);
  for (const member of members) {
    if (member.group !== job.pid && isRunning(member)) send(member.pid, signal);
  }
}

async function endWithin(
  job: Job,
  known: readonly ProcessEntry[],
  limitMs: number,
): Promise<readonly ProcessEntry[]> {
  const deadline = performance.now() + limitMs;
  for (let members = known, pause = 2; ; pause = Math.min(pause * 2, 25)) {
    // To ask after those we know is cheap; all processes are looked through only once these are gone.
    if (!members.some(isRunning)) members = look(job, members);
    if (members.length === 0) return members;
    if (performance.now() >= deadline) return look(job, members);
    await delay(pause);
  }
}

/** False when there is nobody to receive it. Somebody else's process counts as there. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
