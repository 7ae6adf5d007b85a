import { constants } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";

/**
 * Opens the file at a path without links, or nothing: gives `undefined` when a link was put into the path meanwhile,
 * so that another file would be opened than the one that was judged. Never waits for the other end of a pipe. Where
 * there is no /proc only the last name is protected.
 */
export async function openChecked(
  realPath: string,
  flags: number,
  mode?: number,
): Promise<FileHandle | undefined> {
  const handle = await openItself(realPath, flags, mode);
  if (handle === undefined) return undefined;
  const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => realPath);
  if (opened === realPath) return handle;
  await handle.close();
  return undefined;
}

async function openItself(path: string, flags: number, mode?: number): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") return undefined;
    throw error;
  }
}
