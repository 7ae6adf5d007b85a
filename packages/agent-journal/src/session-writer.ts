import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { SessionId } from "@claw/agent-core";
import { leaseLost } from "./journal-fault.ts";
import { repairTail } from "./repair-tail.ts";
import { headerLine } from "./session-line.ts";
import { syncFolder } from "./sync-folder.ts";

/** The end of one session file, open for writing by the holder of its lock. */
export interface SessionWriter {
  /** Bytes that were cut off when the file was opened. */
  readonly torn: number;
  /** All of it or nothing. Throws a system error, or `lease-lost` when somebody else wrote. */
  readonly append: (bytes: Buffer) => void;
  readonly flush: () => Promise<void>;
  readonly close: () => void;
}

/** Opens or makes the file, repairs its end, and writes the header where there is none. */
export function openSessionWriter(path: string, session: SessionId, createdAt: number): SessionWriter {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const file = openSync(path, flags, 0o600);
  try {
    const { length, torn } = repairTail(file, path, fstatSync(file).size, session);
    const writer = writerAt(file, path, session, length);
    if (length === 0) writer.append(Buffer.from(headerLine(session, createdAt)));
    return { ...writer, torn };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function writerAt(
  file: number,
  path: string,
  session: SessionId,
  start: number,
): Omit<SessionWriter, "torn"> {
  /** Where the last whole record ends. */
  let length = start;
  /** A failed write could not be undone yet. */
  let dirty = false;
  let folderSynced = false;

  function undo(): void {
    try {
      ftruncateSync(file, length);
      dirty = false;
    } catch {
      dirty = true;
    }
  }

  function check(): void {
    if (dirty) undo();
    if (dirty) throw new Error("the beginning of a record that did not fit cannot be cut off.");
    const { size, nlink } = fstatSync(file);
    if (nlink === 0) throw new Error(`the file ${path} was removed.`);
    if (size !== length) {
      throw leaseLost(`Session "${session}" was written by somebody else.`);
    }
  }

  return {
    append: (bytes) => {
      check();
      try {
        writeAll(file, bytes);
        length += bytes.length;
      } catch (error) {
        undo();
        throw error;
      }
    },
    flush: async () => {
      await promisify(fdatasync)(file);
      if (!folderSynced) await syncFolder(dirname(path));
      folderSynced = true;
    },
    close: () => closeSync(file),
  };
}

/** A short write says that something is wrong, and the next one says what. */
function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    const count = writeSync(file, bytes, written);
    if (count === 0) throw new Error("the system wrote nothing.");
    written += count;
  }
}
