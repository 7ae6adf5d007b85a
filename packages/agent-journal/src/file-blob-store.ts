import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, readFile, stat, unlink, utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorCode } from "./journal-fault.ts";
import { makeFolder } from "./make-folder.ts";

/** Keeps contents by their own digest: equal ones once. */
export interface BlobStore {
  /** The SHA-256 of the content, in hex, when it is kept; `undefined` when it is not: too large, or a full disk. */
  readonly put: (content: Uint8Array) => Promise<string | undefined>;
  /** `undefined` when it is not there any more, or is not what its name says. */
  readonly get: (sha256: string) => Promise<Uint8Array | undefined>;
  /** Removes every content but these. */
  readonly removeExcept: (kept: ReadonlySet<string>) => Promise<RemovedFiles>;
}

export interface FileBlobStoreOptions {
  /** A folder of its own; made with mode 0700. */
  readonly root: string;
  /** Left out: 16 MB. */
  readonly maxBytesPerBlob?: number;
  /** Of all; those that were put longest ago are removed for the next one. Left out: 256 MB. */
  readonly maxTotalBytes?: number;
  /** What was put longer ago is removed when the next one is. Left out: 30 days. */
  readonly maxAgeMs?: number;
}

/** How much was removed. */
export interface RemovedFiles {
  readonly files: number;
  readonly bytes: number;
}

const month = 30 * 24 * 60 * 60 * 1000;

/** Keeps each content as one file that only its owner can read. Never rejects. */
export function fileBlobStore(options: FileBlobStoreOptions): BlobStore {
  const root = resolve(options.root);
  const { maxBytesPerBlob = 16 * 1024 * 1024, maxTotalBytes = 256 * 1024 * 1024, maxAgeMs = month } = options;
  return {
    put: async (content) => {
      if (content.length > Math.min(maxBytesPerBlob, maxTotalBytes)) return undefined;
      const sha256 = digest(content);
      const path = join(root, sha256);
      try {
        makeFolder(root);
        if (await isKept(path, content.length)) return sha256;
        await makeRoom(root, { bytes: maxTotalBytes - content.length, since: Date.now() - maxAgeMs });
        await write(path, content);
        return sha256;
      } catch {
        await unlink(path).catch(() => undefined);
        return undefined;
      }
    },
    get: async (sha256) => {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined;
      const content = await readFile(join(root, sha256)).catch(() => undefined);
      return content !== undefined && digest(content) === sha256 ? content : undefined;
    },
    removeExcept: async (kept) => {
      let removed: RemovedFiles = { files: 0, bytes: 0 };
      for (const { path, name, size } of await blobsIn(root).catch(() => [])) {
        if (kept.has(name) || !(await wasRemoved(path))) continue;
        removed = { files: removed.files + 1, bytes: removed.bytes + size };
      }
      return removed;
    },
  };
}

/** SHA-256 in hex. */
export function digest(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** What is put again counts as new. */
async function isKept(path: string, length: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== length) return false;
  const now = new Date();
  await utimes(path, now, now);
  return true;
}

async function write(path: string, content: Uint8Array): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** Oldest first. */
async function blobsIn(
  root: string,
): Promise<
  readonly { readonly path: string; readonly name: string; readonly size: number; readonly at: number }[]
> {
  const names = await readdir(root);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(root, name);
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { path, name, size, at: mtimeMs };
    }),
  );
  return found.sort((left, right) => left.at - right.at);
}

/** Removes the oldest until the rest is within the limit, and none of it is older than it may be. */
async function makeRoom(
  root: string,
  limit: { readonly bytes: number; readonly since: number },
): Promise<void> {
  const found = await blobsIn(root);
  let total = found.reduce((sum, file) => sum + file.size, 0);
  for (const { path, size, at } of found) {
    if (total <= limit.bytes && at >= limit.since) return;
    await unlink(path).catch((error: unknown) => {
      if (errorCode(error) !== "ENOENT") throw error;
    });
    total -= size;
  }
}

function wasRemoved(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}
