import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as passed } from "node:timers/promises";

/** A change takes milliseconds. Who holds a file for longer has died over it. */
const longestChangeMs = 5_000;
const waitMs = 10;

/** The last change of each file in this process, until it is done. */
const turns = new Map<string, Promise<void>>();

/**
 * Reads and replaces a file while nobody else does, in this process or another: of two who read the same list, one would
 * undo what the other wrote. Beside the file stands `FILE.lock` for as long as it takes.
 */
export async function oneAtATime<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const before = turns.get(file) ?? Promise.resolve();
  const result = before.then(() => locked(`${file}.lock`, work));
  const turn = result.then(
    () => undefined,
    () => undefined,
  );
  turns.set(file, turn);
  try {
    return await result;
  } finally {
    if (turns.get(file) === turn) turns.delete(file);
  }
}

async function locked<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  const held = await hold(lock);
  try {
    return await work();
  } finally {
    if (held) await rm(lock, { force: true }).catch(() => undefined); // it is old enough soon
  }
}

/**
 * `false`: nothing can be written there, which the work says itself if it has anything to write; or it is held for so long
 * that nobody can be meant, such as by a folder of that name.
 */
async function hold(lock: string): Promise<boolean> {
  const end = Date.now() + 2 * longestChangeMs;
  for (;;) {
    const taken = await take(lock);
    if (taken !== undefined) return taken;
    if (await isLeft(lock)) await takeAway(lock);
    else if (Date.now() > end) return false;
    else await passed(waitMs);
  }
}

/** `undefined`: somebody holds it. */
async function take(lock: string): Promise<boolean | undefined> {
  try {
    await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  try {
    await (await open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    return isThere(error) ? undefined : false;
  }
}

async function isLeft(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined); // released meanwhile
  // Also one from a time to come: the clock was set back.
  return found?.isFile() === true && Math.abs(Date.now() - found.mtimeMs) > longestChangeMs;
}

/** Of several who find it left, one can rename it; who renamed the lock of a quicker one gives it back. */
async function takeAway(lock: string): Promise<void> {
  const away = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, away);
  } catch {
    return; // another one did
  }
  if (!(await isLeft(away))) await link(away, lock).catch(() => undefined);
  await rm(away, { force: true });
}

function isThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
