import { closeSync, fstatSync } from "node:fs";
import { type ByteRange, FaultError, type FileStat } from "@claw/agent-core";
import { fileCalls } from "./file-calls.ts";
import { fileStat } from "./file-stat.ts";
import { movedSince } from "./moved-since.ts";
import { openForReading } from "./open-checked.ts";
import { type LinkUse, realPath } from "./real-path.ts";

/** Bytes of a regular file, in fresh pieces of at most 64 KiB. Leaving the iteration closes the file. */
export async function* readFile(
  path: string,
  { from = 0, to = Number.POSITIVE_INFINITY }: ByteRange,
  links: LinkUse,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const { file, size, real } = await openRegular(path, links);
  try {
    for (let position = from; position < to; ) {
      signal.throwIfAborted();
      // A small file takes one read: it is at its end when less came than there was room for. Some files of the kernel
      // say that they are empty and are not.
      const expected = size > position ? size - position + 1 : pieceSize;
      const buffer = new Uint8Array(Math.min(pieceSize, to - position, expected));
      const bytesRead = await fileCalls.read(real, file, buffer, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
      if (bytesRead < buffer.length && position === size) return;
    }
  } finally {
    closeSync(file);
  }
}

const pieceSize = 64 * 1024;

interface OpenFile {
  readonly file: number;
  /** Its path without links. */
  readonly real: string;
  readonly size: number;
}

async function openRegular(path: string, links: LinkUse): Promise<OpenFile> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const real = links === "refuse" ? path : await realPath(path);
    // Before it is opened, as opening a device can have effects; and after, as it may have been replaced.
    const before = await fileCalls.lstat(real);
    if (before.isSymbolicLink()) continue;
    requireRegular(fileStat(before), path);
    const file = await openForReading(real);
    if (file === undefined) continue;
    try {
      const opened = fileStat(fstatSync(file, { bigint: true }));
      requireRegular(opened, path);
      return { file, real, size: opened.size };
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }
  if (links === "refuse") throw movedSince(path);
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
