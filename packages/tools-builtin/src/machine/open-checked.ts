import { closeSync, constants, readlinkSync, realpathSync } from "node:fs";
import { type FileHandle, open as openHandle } from "node:fs/promises";
import { fileCalls } from "./file-calls.ts";

/**
 * Opens the file at a path without links, or nothing: gives `undefined` when a link was put into the path meanwhile,
 * so that another file would be opened than the one that was judged. Never waits for the other end of a pipe.
 */
export async function openChecked(
  realPath: string,
  flags: number,
  mode?: number,
): Promise<FileHandle | undefined> {
  const handle = await unlessLink(openHandle(realPath, flags | safely, mode));
  if (handle === undefined || isItself(handle.fd, realPath)) return handle;
  await handle.close();
  return undefined;
}

/** The same for reading, as a plain descriptor: each call of it is a third of the work of a handle's. */
export async function openForReading(realPath: string): Promise<number | undefined> {
  const file = await unlessLink(fileCalls.open(realPath, constants.O_RDONLY | safely));
  if (file === undefined || isItself(file, realPath)) return file;
  closeSync(file);
  return undefined;
}

const safely = constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function unlessLink<Opened>(opening: Promise<Opened>): Promise<Opened | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") return undefined;
    throw error;
  }
}

/** Asked at once: the kernel knows it, and no disk or network is touched. Where there is no /proc the path is asked. */
function isItself(file: number, realPath: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${file}`) === realPath;
  } catch {
    return leadsToItself(realPath);
  }
}

function leadsToItself(path: string): boolean {
  try {
    return realpathSync.native(path) === path;
  } catch {
    return false;
  }
}
