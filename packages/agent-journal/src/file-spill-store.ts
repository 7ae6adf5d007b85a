import { constants, writeSync } from "node:fs";
import { type FileHandle, open, readdir, stat, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Spill, SpillStore } from "@claw/agent-core";
import { errorCode } from "./journal-fault.ts";
import { makeFolder } from "./make-folder.ts";

/** Where large outputs are kept, and how much of them. */
export interface FileSpillStoreOptions {
  /** A folder of its own; made with mode 0700. */
  readonly root: string;
  /** Left out: 64 MB. */
  readonly maxBytesPerFile?: number;
  /** Of all files in the folder; the oldest are removed to make room for the next. Left out: 1 GB. */
  readonly maxTotalBytes?: number;
}

/** Keeps each output as one file that only its owner can read. Never rejects: what cannot be kept is counted. */
export function fileSpillStore(options: FileSpillStoreOptions): SpillStore {
  const root = resolve(options.root);
  const maxTotalBytes = options.maxTotalBytes ?? 1024 * 1024 * 1024;
  const maxBytes = Math.min(options.maxBytesPerFile ?? 64 * 1024 * 1024, maxTotalBytes);
  return {
    open: async (call, label) => {
      try {
        makeFolder(root);
        await makeRoom(root, maxTotalBytes - maxBytes);
        const name = `${safe(call)}-${safe(label)}`;
        const { path, file } = await create(root, name);
        return fileSpill(path, file, maxBytes);
      } catch {
        return lostSpill();
      }
    },
  };
}

function safe(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 100);
}

/** Never an existing file and never through a link: the names can be guessed. */
async function create(
  root: string,
  name: string,
): Promise<{ readonly path: string; readonly file: FileHandle }> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  for (let copy = 1; ; copy++) {
    const path = join(root, `${name}${copy === 1 ? "" : `-${copy}`}${extension}`);
    try {
      return { path, file: await open(path, flags, 0o600) };
    } catch (error) {
      if (errorCode(error) !== "EEXIST" || copy === 10_000) throw error;
    }
  }
}

const extension = ".txt";

/** Removes the oldest files until the rest is within the limit. */
async function makeRoom(root: string, limit: number): Promise<void> {
  const names = (await readdir(root)).filter((name) => name.endsWith(extension));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(root, name);
      const found = await stat(path).catch(() => undefined);
      return { path, size: found?.size ?? 0, at: found?.mtimeMs ?? 0 };
    }),
  );
  let total = files.reduce((sum, file) => sum + file.size, 0);
  for (const file of files.sort((left, right) => left.at - right.at)) {
    if (total <= limit) return;
    await unlink(file.path).catch(() => undefined);
    total -= file.size;
  }
}

function fileSpill(path: string, file: FileHandle, maxBytes: number): Spill {
  let kept = 0;
  let dropped = 0;
  let closed: Promise<void> | undefined;

  /** At once, as the journal is written: no other thread looks at bytes that whoever brought them may give up. */
  function keep(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; ) {
      const bytesWritten = writeSync(file.fd, bytes, start);
      if (bytesWritten === 0) throw new Error("the system wrote nothing.");
      start += bytesWritten;
      kept += bytesWritten;
    }
  }

  return {
    path,
    write: async (bytes) => {
      const before = kept;
      // Once something was dropped nothing follows: the file is a beginning, without holes.
      const room = dropped > 0 || closed !== undefined ? 0 : maxBytes - kept;
      try {
        keep(bytes.subarray(0, room));
      } catch {
        // A full disk: the file keeps what it has.
      }
      dropped += bytes.length - (kept - before);
    },
    close: async () => {
      closed ??= file.close().catch(() => undefined);
      await closed;
      return { path, kept, dropped };
    },
  };
}

function lostSpill(): Spill {
  let dropped = 0;
  return {
    write: async (bytes) => {
      dropped += bytes.length;
    },
    close: async () => ({ kept: 0, dropped }),
  };
}
