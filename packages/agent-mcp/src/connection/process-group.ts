import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/** How long a server may take to leave, each time it is told to: by the end of its input, then by SIGTERM. */
export interface LeaveLimits {
  readonly inputMs: number;
  readonly termMs: number;
}

export const defaultLeaveLimits: LeaveLimits = { inputMs: 2_000, termMs: 2_000 };

const groups = new Set<number>();

/** Notes a group that must not outlive this process. Gives a function that takes it back. */
export function guardGroup(group: number): () => void {
  if (groups.size === 0) process.on("exit", killGroups);
  groups.add(group);
  return () => {
    groups.delete(group);
    if (groups.size === 0) process.removeListener("exit", killGroups);
  };
}

function killGroups(): void {
  for (const group of groups) send(group, "SIGKILL");
}

/**
 * Ends a server and all that is in its process group, such as what `npx` started: the end of its input, SIGTERM,
 * SIGKILL. Never rejects.
 */
export async function endGroup(child: ChildProcess, limits: LeaveLimits): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  child.stdin?.end();
  if (await goneWithin(pid, limits.inputMs)) return;
  send(pid, "SIGTERM");
  if (await goneWithin(pid, limits.termMs)) return;
  send(pid, "SIGKILL");
  await goneWithin(pid, limits.termMs);
}

/** There is no event for the end of a group. */
async function goneWithin(group: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    if (!send(group, 0)) return true;
    if (performance.now() >= deadline) return false;
    await delay(pause);
  }
}

/** False when there is nobody to receive it. */
function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === "win32" ? group : -group, signal);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
