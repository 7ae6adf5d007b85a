import { constants } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import { type ByteRange, FaultError, type FileStat } from "@claw/agent-core";
import { fileStat } from "./file-stat.ts";
import { openChecked } from "./open-checked.ts";
import { realPath } from "./real-path.ts";

/** Bytes of a regular file, in fresh pieces of at most 64 KiB. Leaving the iteration closes the file. */
export async function* readFile(
  path: string,
  { from = 0, to = Number.POSITIVE_INFINITY }: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const handle = await openRegular(path);
  try {
    for (let position = from; position < to; ) {
      signal.throwIfAborted();
      const buffer = new Uint8Array(Math.min(pieceSize, to - position));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const pieceSize = 64 * 1024;

async function openRegular(path: string): Promise<FileHandle> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const real = await realPath(path);
    // Before it is opened, as opening a device can have effects; and after, as it may have been replaced.
    requireRegular(fileStat(await stat(real, { bigint: true })), path);
    const handle = await openChecked(real, constants.O_RDONLY);
    if (handle === undefined) continue;
    try {
      requireRegular(fileStat(await handle.stat({ bigint: true })), path);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
  throw new FaultError({ code: "io", message: `${JSON.stringify(path)}: it keeps being replaced.` });
}

/** @throws FaultError `not-a-file` */
export function requireRegular({ type }: FileStat, path: string): void {
  if (type === "file") return;
  const what = type === "directory" ? "a folder" : "a pipe, device or socket";
  throw new FaultError({
    code: "not-a-file",
    message: `${JSON.stringify(path)}: it is ${what}, not a file.`,
  });
}
