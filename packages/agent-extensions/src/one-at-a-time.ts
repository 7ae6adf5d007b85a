import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm, stat } from "node:fs/promises";
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

/** `false`: nothing can be written there. The work says so itself, if it has anything to write. */
async function hold(lock: string): Promise<boolean> {
  for (;;) {
    try {
      await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
      await (await open(lock, "wx", 0o600)).close();
      return true;
    } catch (error) {
      if (!isThere(error)) return false;
    }
    if (await isLeft(lock)) await takeAway(lock);
    else await passed(waitMs);
  }
}

async function isLeft(path: string): Promise<boolean> {
  const since = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined, // released meanwhile
  );
  // Also one from a time to come: the clock was set back.
  return since !== undefined && Math.abs(Date.now() - since) > longestChangeMs;
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
