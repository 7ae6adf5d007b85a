import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./job.ts";
import { place, removeRecord } from "./job-record.ts";
import { isRunning } from "./process-table.ts";
import { readJobRecord } from "./read-job-record.ts";
import { stopJob } from "./stop-job.ts";

export interface Reaped {
  /** Jobs whose owner was gone. */
  readonly jobs: number;
  /** Process ids that could not be stopped. */
  readonly survivors: readonly number[];
}

/**
 * Stops what an earlier process of ours left running when it was killed, as noted in `folder`. A job is touched only
 * when its owner is gone, and recognised by its marker or by its leader's id *and* time of start, so that a number
 * that was given anew harms nobody. Notes of another boot are removed, those of another container left alone.
 * Never rejects. Does nothing where there is no /proc.
 */
export async function reapStale({ folder }: { readonly folder: string }): Promise<Reaped> {
  const here = place();
  const names = here === undefined ? [] : namesIn(folder);
  const results = await Promise.all(
    names.filter((name) => name.endsWith(".json")).map((name) => reap(join(folder, name), here ?? "")),
  );
  const reaped = results.filter((survivors) => survivors !== undefined);
  return { jobs: reaped.length, survivors: reaped.flat() };
}

/** Nearly always none: the answer is there sooner than another thread would have it. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function reap(path: string, here: string): Promise<readonly number[] | undefined> {
  const record = await readJobRecord(path);
  if (record === undefined) return undefined;
  if (record.place !== here) {
    if (bootOf(record.place) !== bootOf(here)) removeRecord(path);
    return undefined;
  }
  if (isRunning(record.owner)) return undefined;
  if (record.job === undefined) {
    removeRecord(path);
    return undefined;
  }
  const survivors = await stopJob(ownTraces(record.job), graceMs);
  if (survivors.length === 0) removeRecord(path);
  return survivors;
}

const graceMs = 400;

/**
 * Once its leader is gone, the job's number and pipes may have become somebody else's: then only the marker counts.
 */
function ownTraces(job: Job): Job {
  return isRunning(job) ? job : { ...job, pid: noPid, pipes: [] };
}

/** Above every process number that Linux gives (2^22). */
const noPid = 2 ** 30;

function bootOf(text: string): string {
  return text.split(" ", 1)[0] ?? "";
}
