import {
  closeSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join, sep } from "node:path";
import type { SessionId } from "@claw/agent-core";
import { errorCode, journalFault } from "./journal-fault.ts";
import { makeFolder } from "./make-folder.ts";
import { isGone, type ProcessIdentity, thisProcess } from "./process-identity.ts";

/** The right to write one session. */
export interface SessionLock {
  /** Grows with each holder. */
  readonly token: number;
  /** The pid of a holder that died and was succeeded. */
  readonly succeeded?: number;
  /** One system call: cheap enough for each append. */
  readonly isHeld: () => boolean;
  readonly release: () => void;
  /** Releases it and leaves nothing behind; the next token may be 1 again. For a session that was removed. */
  readonly dissolve: () => void;
}

/**
 * Takes a session's lock: a folder of numbered files, of which the highest names the holder and is empty once it is
 * released. A successor makes the next number, which only one process can, and then removes the numbers below: the
 * highest number is never removed and never used again. A number made from an outdated listing shows in a second one.
 * @throws FaultError `session-busy` while a living process holds it; a system error when the folder cannot be written.
 */
export function lockSession(folder: string, session: SessionId): SessionLock {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    makeFolder(folder);
    const latest = latestNumber(folder);
    const holder = latest === 0 ? undefined : readHolder(numbered(folder, latest));
    if (holder !== undefined && !isGone(holder)) throw busy(session, holder, folder);
    const lock = claim(folder, latest + 1);
    if (lock === undefined) continue;
    if (latestNumber(folder) === latest + 1) {
      removeBelow(folder, latest + 1);
      return held(lock, folder, latest + 1, holder);
    }
    closeSync(lock);
    remove(numbered(folder, latest + 1));
  }
  throw journalFault("session-busy", `Session "${session}" is fought over by other processes.`);
}

/** The living process that holds a session's lock, if one does. Takes nothing. */
export function lockHolder(folder: string): ProcessIdentity | undefined {
  const latest = latestNumber(folder);
  const holder = latest === 0 ? undefined : readHolder(numbered(folder, latest));
  return holder === undefined || isGone(holder) ? undefined : holder;
}

function busy(session: SessionId, holder: ProcessIdentity, folder: string): Error {
  const here = holder.host === thisProcess().host;
  const text = `Session "${session}" is in use by process ${holder.pid} on ${here ? "this machine" : holder.host}.`;
  const gone = here ? "" : ` If that machine is gone, remove the folder ${folder}.`;
  return journalFault(
    "session-busy",
    text,
    `Close it there, go on in a copy of it, or start a new session.${gone}`,
  );
}

function latestNumber(folder: string): number {
  try {
    return readdirSync(folder).reduce((highest, name) => Math.max(highest, numberOf(name)), 0);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return 0;
    throw error;
  }
}

function numberOf(name: string): number {
  return /^[1-9]\d{0,14}$/.test(name) ? Number(name) : 0;
}

/** `undefined`: released, succeeded meanwhile, or emptied by a crash of the machine. */
function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isIdentity(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("host" in value)) return false;
  return Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && typeof value.host === "string";
}

/** Makes the numbered file, whole at once; `undefined` when somebody else has. */
function claim(folder: string, token: number): number | undefined {
  const draft = `${folder}${sep}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  let file: number | undefined;
  try {
    file = openSync(draft, "wx+", 0o600);
    writeSync(file, JSON.stringify(thisProcess()));
    linkSync(draft, numbered(folder, token));
    return file;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    // ENOENT: the session was removed in between.
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOENT") return undefined;
    throw error;
  } finally {
    remove(draft);
  }
}

/** Put together, not joined: a start reads no more of its paths than it must. */
function numbered(folder: string, number: number): string {
  return `${folder}${sep}${number}`;
}

/** From here on a holder of a lower number sees that it is one no more. */
function removeBelow(folder: string, token: number): void {
  for (const name of readdirSync(folder)) {
    const number = numberOf(name);
    if ((number > 0 && number < token) || isOrphan(name)) remove(join(folder, name));
  }
}

/** A draft of a process that died over it. */
function isOrphan(name: string): boolean {
  const pid = Number(/^\.(\d+)-/.exec(name)?.[1]);
  return pid > 0 && isGone({ pid, host: thisProcess().host });
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}

function held(file: number, folder: string, token: number, before: ProcessIdentity | undefined): SessionLock {
  let open = true;
  const close = (end: () => void): void => {
    if (!open) return;
    open = false;
    end();
    closeSync(file);
  };
  return {
    token,
    ...(before === undefined ? {} : { succeeded: before.pid }),
    isHeld: () => open && fstatSync(file).nlink > 0,
    release: () => close(() => ftruncateSync(file, 0)),
    dissolve: () => close(() => removeFolder(folder, token)),
  };
}

/** Not recursively: a file that appears in between is the next holder's. */
function removeFolder(folder: string, token: number): void {
  remove(numbered(folder, token));
  try {
    rmdirSync(folder);
  } catch (error) {
    if (errorCode(error) !== "ENOTEMPTY" && errorCode(error) !== "EEXIST") throw error;
  }
}
