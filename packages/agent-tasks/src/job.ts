import { randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { readProcess } from "./process-table.ts";

/** One started program and what its descendants can be known by, wherever they went. */
export interface Job {
  /** The leader's id, which is also that of its group and its session. */
  readonly pid: number;
  /** Clock ticks since boot; 0 where that is not told. */
  readonly startedAt: number;
  /** In the environment of each descendant that did not clear it. */
  readonly marker: string;
  /** The pipes given to it as output, such as `socket:[4711]`: descendants that cleared their environment may hold one. */
  readonly pipes: readonly string[];
}

/** The variable that carries the marker. Its value is a path: a job of a job names both. */
const markerVariable = "CLAW_JOB";

export function newMarker(): string {
  jobs += 1;
  return `${ownerToken()}${jobs.toString(16).padStart(16, "0")}`;
}

let jobs = 0;

/** What the markers of all jobs of this process begin with. */
export function ownerToken(): string {
  token ??= randomBytes(8).toString("hex");
  return token;
}

let token: string | undefined;

/** An environment that the descendants of a job are known by. */
export function markedEnvironment(
  environment: Readonly<Record<string, string>>,
  marker: string,
): Record<string, string> {
  const inherited = environment[markerVariable] ?? "";
  return { ...environment, [markerVariable]: inherited === "" ? marker : `${inherited}/${marker}` };
}

/** To be called right after the start, while the leader still has the pipes it was given. */
export function identifyJob(pid: number, marker: string): Job {
  const pipes = [1, 2].map((descriptor) => openFile(pid, descriptor)).filter((name) => name !== undefined);
  return { pid, marker, pipes: [...new Set(pipes)], startedAt: readProcess(pid)?.startedAt ?? 0 };
}

/** What a process has open under a descriptor, when that is a pipe or a socket. */
export function openFile(pid: number, descriptor: number): string | undefined {
  try {
    const name = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    return /^(?:socket|pipe):/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
