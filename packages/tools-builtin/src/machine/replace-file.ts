import { randomBytes } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { access, type FileHandle, link, lstat, open, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { FaultError, type FileStat, type WriteOptions } from "@claw/agent-core";
import { fileStat } from "./file-stat.ts";
import { movedSince } from "./moved-since.ts";
import { openFolder } from "./open-folder.ts";
import { requireRegular } from "./read-file.ts";
import { type LinkUse, realPath } from "./real-path.ts";

/**
 * Puts a file in the place of another at once: written beside it, brought to the disk, renamed over it. Its folder is
 * held open meanwhile, so that a link put into the path changes nothing. Keeps mode, owner where permitted, and the
 * links that lead to it. A hard link is parted from its others; extended attributes are not taken over. A file that we
 * may not write is refused although its folder would allow the rename.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  { expect }: WriteOptions,
  links: LinkUse,
  signal: AbortSignal,
): Promise<FileStat> {
  const real = links === "refuse" ? path : await realPath(path);
  // Looked at before a folder is made for it.
  requireVersion(await statOf(real), expect, path);
  signal.throwIfAborted();
  using folder = await openFolder(dirname(real), { make: true });
  const target = folder.at(basename(real));
  const before = await statOf(target);
  if (before !== undefined) {
    if (before.isSymbolicLink()) throw movedSince(path);
    requireRegular(fileStat(before), path);
    await access(target, constants.W_OK);
  }
  requireVersion(before, expect, path);
  signal.throwIfAborted();
  const temporary = folder.at(`.claw-${randomBytes(8).toString("hex")}.tmp`);
  const handle = await open(temporary, creation, before === undefined ? 0o666 : 0o600);
  try {
    await handle.writeFile(bytes);
    if (before !== undefined) await inherit(handle, before);
    await handle.datasync();
    signal.throwIfAborted();
    await moveInto(temporary, target, expect, path);
    return fileStat(await handle.stat({ bigint: true }));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

const creation = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Of the name itself: a link is not followed. */
async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function requireVersion(stats: BigIntStats | undefined, expect: WriteOptions["expect"], path: string): void {
  if (expect === undefined) return;
  const version = stats === undefined ? null : fileStat(stats).version;
  if (version !== expect) throw stale(path, version === null ? "it is gone" : "it was changed meanwhile");
}

function stale(path: string, how: string): FaultError<"stale"> {
  return new FaultError({
    code: "stale",
    message: `${JSON.stringify(path)}: ${how}.`,
    hint: "Read it again before you write it.",
  });
}

async function inherit(handle: FileHandle, { uid, gid, mode }: BigIntStats): Promise<void> {
  const own = await handle.stat({ bigint: true });
  if (own.uid !== uid || own.gid !== gid) {
    await handle.chown(Number(uid), Number(gid)).catch(() => undefined);
  }
  // After the owner, as a change of owner clears the set-id bits.
  await handle.chmod(Number(mode & 0o7777n));
}

/** The last look and the rename are two steps: what somebody else writes between them is lost to us, as to anyone. */
async function moveInto(
  temporary: string,
  target: string,
  expect: WriteOptions["expect"],
  path: string,
): Promise<void> {
  if (expect === null && (await linkNew(temporary, target, path))) return;
  requireVersion(await statOf(target), expect, path);
  await rename(temporary, target);
}

/** In one step where the file system has hard links: only if there is nothing. False where it has none. */
async function linkNew(temporary: string, target: string, path: string): Promise<boolean> {
  try {
    await link(temporary, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") throw stale(path, "there is a file now");
    return false;
  }
  await rm(temporary);
  return true;
}
