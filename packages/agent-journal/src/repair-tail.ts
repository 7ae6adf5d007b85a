import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { SessionId } from "@claw/agent-core";
import { maxLineBytes, parseLine, recordOn } from "./session-line.ts";

/** What was done to the end of a file. */
export interface TailRepair {
  /** The length of the file now: zero, or just after a newline. */
  readonly length: number;
  /** Bytes that were cut off and put into `<file>.torn`. */
  readonly torn: number;
}

/**
 * Makes a session file end with a newline, so that the next record is not glued to the rest of one whose writer died.
 * A last record that lacks only its newline gets it; anything else is moved to `<file>.torn`.
 * @throws FaultError `session-corrupt` for a newer format.
 */
export function repairTail(file: number, path: string, size: number, session: SessionId): TailRepair {
  checkVersion(file, size, session);
  const end = lastLineEnd(file, size);
  if (end === size) return { length: size, torn: 0 };
  if (size - end <= maxLineBytes && isRecord(readRange(file, end, size).toString("utf8"), session)) {
    writeSync(file, "\n");
    return { length: size + 1, torn: 0 };
  }
  saveTorn(file, `${path}.torn`, end, size);
  ftruncateSync(file, end);
  return { length: end, torn: size - end };
}

const blockBytes = 64 * 1024;

/** Nothing is added to a file of a newer format. */
function checkVersion(file: number, size: number, session: SessionId): void {
  const [header = ""] = readRange(file, 0, Math.min(size, blockBytes)).toString("utf8").split("\n", 1);
  parseLine(recordOn(header), session);
}

/** The position after the last newline; 0 when there is none. */
function lastLineEnd(file: number, size: number): number {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - blockBytes);
    const at = readRange(file, start, end).lastIndexOf(10);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}

function readRange(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function isRecord(text: string, session: SessionId): boolean {
  return parseLine(recordOn(text), session).type !== "damage";
}

function saveTorn(file: number, path: string, start: number, size: number): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const torn = openSync(path, flags, 0o600);
  try {
    const end = Math.min(size, start + maxLineBytes);
    for (let from = start; from < end; from += blockBytes) {
      writeSync(torn, readRange(file, from, Math.min(end, from + blockBytes)));
    }
    writeSync(torn, "\n");
  } finally {
    closeSync(torn);
  }
}
