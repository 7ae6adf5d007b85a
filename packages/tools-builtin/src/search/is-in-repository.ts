import { dirname, join } from "node:path";
import type { Machine } from "@claw/agent-core";

/** Whether a folder is in a git repository: whether it or a folder above it holds `.git`. */
export async function isInRepository(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if ((await machine.stat(join(at, ".git"), signal)) !== undefined) return true;
    if (dirname(at) === at) return false;
  }
}
