import { mkdirSync, readFileSync, readlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./job.ts";
import { readProcess } from "./process-table.ts";

/** A running job as it is noted in a file, to be found by a later process of ours. */
export interface JobRecord {
  readonly version: 1;
  readonly job: Job;
  /** The process that watches over the job. */
  readonly owner: { readonly pid: number; readonly startedAt: number };
  /** Where its process numbers have a meaning: one boot of one machine, one PID namespace. */
  readonly place: string;
}

/**
 * Notes a job in `folder` (0700, made when missing; files 0600).
 * @returns removes the note. Neither ever throws: a job without a note is still watched over by this process.
 */
export function recordJob(folder: string, job: Job): () => void {
  const here = place();
  const owner = thisProcess();
  if (here === undefined || owner === undefined) return () => undefined;
  const path = join(folder, `${job.marker}.json`);
  const record: JobRecord = {
    version: 1,
    job,
    owner,
    place: here,
  };
  try {
    writeRecord(folder, path, JSON.stringify(record));
  } catch {
    return () => undefined;
  }
  return () => removeRecord(path);
}

let knownOwner: JobRecord["owner"] | undefined;
let knownPlace: string | undefined;

/** What stays as it is while we live is asked for once. */
function thisProcess(): JobRecord["owner"] | undefined {
  const entry = knownOwner ?? readProcess(process.pid);
  if (entry !== undefined) knownOwner = { pid: entry.pid, startedAt: entry.startedAt };
  return knownOwner;
}

/** The boot and the PID namespace we are in, or `undefined` where that is not told. */
export function place(): string | undefined {
  try {
    knownPlace ??= `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
    return knownPlace;
  } catch {
    return undefined;
  }
}

export function removeRecord(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or will be found stale.
  }
}

function writeRecord(folder: string, path: string, text: string): void {
  const write = (): void => writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  try {
    write();
  } catch {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    write();
  }
}
