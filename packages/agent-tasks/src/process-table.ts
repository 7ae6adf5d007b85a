import { closeSync, openSync, readdirSync, readSync } from "node:fs";

/** One process as Linux shows it under /proc. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. Together with `pid` it names a process for ever. */
  readonly startedAt: number;
  /** False for a zombie: it has ended and waits for its parent to notice. */
  readonly running: boolean;
}

/**
 * All processes that can be seen, or those with a number above `above`; `undefined` where there is no /proc. Takes
 * about 15 µs for each.
 */
export function readProcessTable(above = 0): readonly ProcessEntry[] | undefined {
  const pids = listPids(above);
  if (pids === undefined) return undefined;
  const entries: ProcessEntry[] = [];
  for (const pid of pids) {
    const entry = readProcess(pid);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** One process, or `undefined` when it is gone or there is no /proc. */
export function readProcess(pid: number): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = kernelText(`/proc/${pid}/stat`);
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses, and may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (index: number): number => Number(fields[index]);
  return {
    pid,
    running: !/^[ZXx]$/.test(fields[0] ?? "X"),
    parent: field(1),
    group: field(2),
    session: field(3),
    startedAt: field(19),
  };
}

/** Whether the very process (not another one with its number) still runs. */
export function isRunning(process: { readonly pid: number; readonly startedAt: number }): boolean {
  const entry = readProcess(process.pid);
  return entry?.running === true && entry.startedAt === process.startedAt;
}

/** The number given to the newest process of the system, or 0 where that is not told. */
export function newestPid(): number {
  try {
    return Number(kernelText("/proc/loadavg").trim().split(" ").at(-1)) || 0;
  } catch {
    return 0;
  }
}

/** A short file of the kernel. It is whole in one read, where the usual way asks for its size first and once more after. */
function kernelText(path: string): string {
  const file = openSync(path, "r");
  try {
    return line.toString("latin1", 0, readSync(file, line));
  } finally {
    closeSync(file);
  }
}

const line = Buffer.alloc(4096);

function listPids(above: number): readonly number[] | undefined {
  try {
    const pids: number[] = [];
    let isTold = false;
    for (const name of readdirSync("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      isTold = true;
      if (pid > above) pids.push(pid);
    }
    return isTold ? pids : undefined;
  } catch {
    return undefined;
  }
}
