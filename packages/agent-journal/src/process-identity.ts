import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** One process, so that another one which got the same number later is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, in ticks since the machine did. Where the system says so. */
  readonly start?: string;
  /** Which start of the machine that was. */
  readonly boot?: string;
}

/** The process this runs in. */
export function thisProcess(): ProcessIdentity {
  const boot = bootId();
  const start = processState(process.pid)?.start;
  return {
    pid: process.pid,
    host: hostname(),
    ...(start === undefined ? {} : { start }),
    ...(boot === undefined ? {} : { boot }),
  };
}

/** Whether a process is known to be gone. One of another machine never is. */
export function isGone(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return false;
  const boot = bootId();
  if (identity.boot !== undefined && boot !== undefined && identity.boot !== boot) return true;
  if (!answers(identity.pid)) return true;
  const state = processState(identity.pid);
  if (state === undefined) return false;
  return state.dead || (identity.start !== undefined && state.start !== identity.start);
}

/** A process that belongs to somebody else answers too. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

interface ProcessState {
  readonly start: string;
  /** Ended, and only waiting for its parent to notice. */
  readonly dead: boolean;
}

/** From `/proc/<pid>/stat`; `undefined` on systems without it. The name in parentheses may hold anything. */
function processState(pid: number): ProcessState | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = fields?.[19];
  return start === undefined ? undefined : { start, dead: /^[ZXx]/.test(fields?.[0] ?? "") };
}

function bootId(): string | undefined {
  return readText("/proc/sys/kernel/random/boot_id")?.trim();
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
