import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { guardExit } from "./exit-guard.ts";
import type { Job } from "./job.ts";
import { readProcess } from "./process-table.ts";

/** A running job as it is noted in a file, to be found by a later process of ours. */
export interface JobRecord {
  readonly version: 1;
  /** Absent in a file that waits for the next job. */
  readonly job?: Job;
  /** The process that watches over the job. */
  readonly owner: { readonly pid: number; readonly startedAt: number };
  /** What `ExecRequest.label` named it. */
  readonly label?: string;
  /** Where its process numbers have a meaning: one boot of one machine, one PID namespace. */
  readonly place: string;
}

/**
 * Notes a job in `folder` (0700, made when missing; files 0600), in a file that is there for the next job when this one
 * has ended: making a file and removing it is most of what a short command would cost besides its own start.
 * @returns takes the note back. Neither ever throws: a job without a note is still watched over by this process.
 */
export function recordJob(folder: string, job: Job, label?: string): () => void {
  const here = place();
  const owner = thisProcess();
  if (here === undefined || owner === undefined) return () => undefined;
  const nobody: JobRecord = { version: 1, owner, place: here };
  try {
    const note = freeNote(folder) ?? makeNote(folder, job.marker);
    note.write({ ...nobody, job, ...(label === undefined ? {} : { label }) });
    return () => release(folder, note, nobody);
  } catch {
    return () => undefined;
  }
}

interface Note {
  readonly write: (record: JobRecord) => void;
  readonly isThere: () => boolean;
  readonly remove: () => void;
}

/** By folder: what is there for the next job. Removed at our exit; after a kill, by whoever reaps. */
const free = new Map<string, Note[]>();

function freeNote(folder: string): Note | undefined {
  const notes = free.get(folder) ?? [];
  for (let note = notes.pop(); note !== undefined; note = notes.pop()) {
    if (note.isThere()) return note;
    note.remove();
  }
  return undefined;
}

function release(folder: string, note: Note, nobody: JobRecord): void {
  try {
    note.write(nobody);
    if (free.size === 0) guardExit(removeFree);
    free.set(folder, [...(free.get(folder) ?? []), note]);
  } catch {
    note.remove();
  }
}

function removeFree(): void {
  for (const note of [...free.values()].flat()) note.remove();
}

function makeNote(folder: string, name: string): Note {
  const path = join(folder, `${name}.json`);
  const file = makeFile(folder, path);
  let length = 0;
  return {
    write: (record) => {
      // Blanks over what is left of a longer one: it is whole at every moment.
      const text = JSON.stringify(record).padEnd(length);
      length = text.length;
      if (writeSync(file, text, 0, "latin1") < length) throw new Error("The disk is full.");
    },
    isThere: () => fstatSync(file).nlink > 0,
    remove: () => {
      closeSync(file);
      removeRecord(path);
    },
  };
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

function makeFile(folder: string, path: string): number {
  try {
    return openSync(path, "wx", 0o600);
  } catch {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return openSync(path, "wx", 0o600);
  }
}
