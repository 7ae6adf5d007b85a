import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type DurableEvent, plainText, type SessionId, type SessionSummary } from "@claw/agent-core";
import { sessionFile } from "./session-file.ts";
import { parseLine, type SessionLine } from "./session-line.ts";

/**
 * What a list shows of a session, from the head and the tail of its file; `undefined` when it cannot be read. Synchronous, as
 * the journal writes: of many sessions, the answers of another thread would cost more than all else.
 */
export function summariseSession(root: string, session: SessionId): SessionSummary | undefined {
  try {
    const file = openSync(sessionFile(root, session), openFlags);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) return undefined;
      const head = readHead(file, stat.size, session);
      const updatedAt = readLastTime(file, stat.size, session) ?? Math.floor(stat.mtimeMs);
      const createdAt = head.createdAt ?? Math.floor(stat.birthtimeMs);
      return { session, ...head, createdAt, updatedAt, bytes: stat.size };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Without waiting: a pipe of that name must not hold the list. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface Head {
  readonly createdAt: number | undefined;
  readonly title: string;
  readonly cwd?: string;
}

const firstBytes = 16 * 1024;
const mostBytes = 1024 * 1024;

/** Reads further while the first words of the human were not found: a system prompt may come before them. */
function readHead(file: number, size: number, session: SessionId): Head {
  for (let length = firstBytes; ; length *= 4) {
    const text = readRange(file, 0, Math.min(length, size));
    const head = headOf(text.split("\n").slice(0, -1), session);
    if (head.title !== "" || length >= size || length >= mostBytes) return head;
  }
}

/** Reads no line more than it takes: most of a session is not in its list. */
function headOf(lines: readonly string[], session: SessionId): Head {
  let createdAt: number | undefined;
  let cwd: string | undefined;
  for (const line of lines) {
    const read = tryParse(line, session);
    if (read?.type === "header") createdAt = read.createdAt;
    if (read?.type !== "event") continue;
    createdAt ??= read.event.at;
    if (read.event.type === "run-start") cwd ??= read.event.cwd;
    const title = titleOf(read.event);
    if (title !== "") return { createdAt, title, ...(cwd === undefined ? {} : { cwd }) };
  }
  return { createdAt, title: "", ...(cwd === undefined ? {} : { cwd }) };
}

/** The first words of the human; empty where this is not it. */
function titleOf(event: DurableEvent): string {
  if (event.type !== "message" || event.message.role !== "user" || event.message.origin !== "human")
    return "";
  const words = plainText(event.message.content).slice(0, 1_000).replaceAll(/\s+/g, " ").trim();
  return [...words].slice(0, 100).join("");
}

/** The time of the last record; `undefined` when that is longer than the tail that is read. */
function readLastTime(file: number, size: number, session: SessionId): number | undefined {
  for (let length = 4 * 1024; ; length *= 4) {
    const start = Math.max(0, size - length);
    // The first line of a tail is the end of one, unless the tail is the whole file.
    const lines = readRange(file, start, size)
      .split("\n")
      .slice(start === 0 ? 0 : 1);
    const last = lastTime(lines, session);
    if (last !== undefined || start === 0 || length >= 64 * 1024) return last;
  }
}

/** From the end: one line is enough. */
function lastTime(lines: readonly string[], session: SessionId): number | undefined {
  for (const line of lines.toReversed()) {
    const read = tryParse(line, session);
    if (read?.type === "event" && read.event.at > 0) return read.event.at;
  }
  return undefined;
}

function tryParse(line: string, session: SessionId): SessionLine | undefined {
  try {
    return parseLine(line, session);
  } catch {
    return undefined;
  }
}

function readRange(file: number, start: number, end: number): string {
  const buffer = Buffer.allocUnsafe(end - start);
  return buffer.toString("utf8", 0, readSync(file, buffer, 0, end - start, start));
}
