import { readFileSync } from "node:fs";
import { type Job, openFile } from "./job.ts";
import { newestPid, type ProcessEntry, readProcessTable } from "./process-table.ts";

/**
 * The running processes of a job, or `undefined` where processes cannot be listed (there, only its group is known).
 * A process belongs to it by any of: its group or session; a parent that belongs to it; the marker in its
 * environment; the job's output pipe as its standard output or error. What escapes all four (a daemon with two
 * forks, its own session, an empty environment and its output elsewhere) cannot be told from a stranger.
 *
 * @param known members seen before: they and their descendants stay members when the parent that told is gone.
 */
export function jobMembers(
  job: Job,
  known: readonly ProcessEntry[] = [],
): readonly ProcessEntry[] | undefined {
  return membersIn(readProcessTable(), job, known);
}

/**
 * The same right after a job that ran so shortly that process numbers cannot have come round: looks only at those above
 * `newestBefore`, the newest before the job had anything to run, which on a busy machine are a small part of them.
 */
export function membersOfShortJob(job: Job, newestBefore: number): readonly ProcessEntry[] | undefined {
  const newest = newestPid();
  if (newestBefore === 0 || newest < newestBefore) return jobMembers(job);
  return newest === newestBefore ? [] : membersIn(readProcessTable(newestBefore), job, []);
}

function membersIn(
  table: readonly ProcessEntry[] | undefined,
  job: Job,
  known: readonly ProcessEntry[],
): readonly ProcessEntry[] | undefined {
  if (table === undefined) return undefined;
  const knownStarts = new Map(known.map((entry) => [entry.pid, entry.startedAt]));
  const candidates = table.filter(
    (entry) =>
      entry.running && entry.startedAt >= job.startedAt && entry.pid !== process.pid && entry.pid !== 1,
  );
  const members = new Map<number, ProcessEntry>();
  for (const entry of candidates) {
    if (isInGroup(entry, job) || knownStarts.get(entry.pid) === entry.startedAt || bearsSign(entry, job)) {
      members.set(entry.pid, entry);
    }
  }
  addDescendants(members, candidates);
  return [...members.values()];
}

function isInGroup(entry: ProcessEntry, job: Job): boolean {
  return entry.group === job.pid || entry.session === job.pid;
}

function bearsSign(entry: ProcessEntry, job: Job): boolean {
  return hasMarker(entry.pid, job.marker) || holdsPipe(entry.pid, job.pipes);
}

function hasMarker(pid: number, marker: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(marker);
  } catch {
    return false; // gone, or somebody else's
  }
}

function holdsPipe(pid: number, pipes: readonly string[]): boolean {
  return [1, 2].some((descriptor) => {
    const name = openFile(pid, descriptor);
    return name !== undefined && pipes.includes(name);
  });
}

function addDescendants(members: Map<number, ProcessEntry>, candidates: readonly ProcessEntry[]): void {
  for (let before = -1; before < members.size; ) {
    before = members.size;
    for (const entry of candidates) {
      if (members.has(entry.parent)) members.set(entry.pid, entry);
    }
  }
}
