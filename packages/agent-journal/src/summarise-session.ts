import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type DurableEvent, plainText, type SessionId, type SessionSummary } from "@claw/agent-core";
import { sessionFile } from "./session-file.ts";
import { parseLine, type SessionLine } from "./session-line.ts";

/** What a list shows of a session, from the head and the tail of its file; `undefined` when it cannot be read. */
export async function summariseSession(
  root: string,
  session: SessionId,
): Promise<SessionSummary | undefined> {
  try {
    const file = await open(sessionFile(root, session), openFlags);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return undefined;
      const head = await readHead(file, stat.size, session);
      const updatedAt = (await readLastTime(file, stat.size, session)) ?? stat.mtimeMs;
      return { session, ...head, createdAt: head.createdAt ?? stat.birthtimeMs, updatedAt, bytes: stat.size };
    } finally {
      await file.close();
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
async function readHead(file: FileHandle, size: number, session: SessionId): Promise<Head> {
  for (let length = firstBytes; ; length *= 4) {
    const text = await readRange(file, 0, Math.min(length, size));
    const lines = text.split("\n").slice(0, -1);
    const head = headOf(lines.map((line) => tryParse(line, session)));
    if (head.title !== "" || length >= size || length >= mostBytes) return head;
  }
}

function headOf(lines: readonly (SessionLine | undefined)[]): Head {
  const header = lines.find((line) => line?.type === "header");
  const events = lines.flatMap((line) => (line?.type === "event" ? [line.event] : []));
  const cwd = events.find((event) => event.type === "run-start")?.cwd;
  return {
    createdAt: header?.createdAt ?? events[0]?.at,
    title: titleOf(events),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

function titleOf(events: readonly DurableEvent[]): string {
  for (const event of events) {
    if (event.type !== "message" || event.message.role !== "user" || event.message.origin !== "human")
      continue;
    const words = plainText(event.message.content).slice(0, 1_000).replaceAll(/\s+/g, " ").trim();
    if (words !== "") return [...words].slice(0, 100).join("");
  }
  return "";
}

/** The time of the last record; `undefined` when that is longer than the tail that is read. */
async function readLastTime(file: FileHandle, size: number, session: SessionId): Promise<number | undefined> {
  for (let length = 4 * 1024; ; length *= 4) {
    const start = Math.max(0, size - length);
    // The first line of a tail is the end of one, unless the tail is the whole file.
    const lines = (await readRange(file, start, size)).split("\n").slice(start === 0 ? 0 : 1);
    const times = lines
      .map((line) => tryParse(line, session))
      .map((line) => (line?.type === "event" ? line.event.at : 0));
    const last = times.findLast((at) => at > 0);
    if (last !== undefined || start === 0 || length >= 64 * 1024) return last;
  }
}

function tryParse(line: string, session: SessionId): SessionLine | undefined {
  try {
    return parseLine(line, session);
  } catch {
    return undefined;
  }
}

async function readRange(file: FileHandle, start: number, end: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.toString("utf8", 0, bytesRead);
}
