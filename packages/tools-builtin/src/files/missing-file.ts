import { posix, win32 } from "node:path";
import type { Machine, ToolOutcome } from "@claw/agent-core";
import { failed } from "@claw/agent-tools";
import { nearNames } from "./near-names.ts";

/** Says that nothing is at the path, and what is: files of nearly that name, or the deepest folder that exists. */
export async function missingFile(machine: Machine, path: string, signal: AbortSignal): Promise<ToolOutcome> {
  const { dirname } = path.startsWith("/") ? posix : win32;
  const folder = dirname(path);
  const existing = await deepestFolder(machine, folder, dirname, signal);
  if (existing !== folder) {
    return failed(
      "tool-failed",
      `${path} does not exist: of its folders, ${existing} is the deepest that does.`,
    );
  }
  const near = await nearNames(machine, path, signal);
  const suggestion = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  return failed("tool-failed", `${path} does not exist.${suggestion}`);
}

async function deepestFolder(
  machine: Machine,
  start: string,
  dirname: (path: string) => string,
  signal: AbortSignal,
): Promise<string> {
  let folder = start;
  while (dirname(folder) !== folder) {
    if ((await machine.stat(folder, signal))?.type === "directory") return folder;
    folder = dirname(folder);
  }
  return folder;
}
