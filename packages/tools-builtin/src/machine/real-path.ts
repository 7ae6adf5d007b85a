import { readlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FaultError } from "@claw/agent-core";
import { fileCalls } from "./file-calls.ts";

/** Whether links in a path are followed, or mean that it is not the path that was judged. */
export type LinkUse = "follow" | "refuse";

/**
 * Where a path leads, every link resolved: also a link to something that does not exist yet, as writing there would
 * create it. Of what does not exist the name is kept.
 */
export async function realPath(path: string, links = 0): Promise<string> {
  try {
    return await fileCalls.realpath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const parent = dirname(path);
  if (parent === path) return path;
  const realParent = await realPath(parent, links);
  const own = join(realParent, basename(path));
  const target = await readlink(own).catch(() => undefined);
  if (target === undefined) return own;
  if (links >= mostLinks) {
    throw new FaultError({ code: "io", message: `${JSON.stringify(path)}: too many symbolic links.` });
  }
  return realPath(resolve(realParent, target), links + 1);
}

/** As many as Linux follows. */
const mostLinks = 40;

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
