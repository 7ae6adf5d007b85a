import { type DurableEvent, maxEventBytes, type SessionId } from "@claw/agent-core";
import { isEvent } from "./event-shape.ts";
import { journalFault } from "./journal-fault.ts";

/** The version of the file format that is written, and the newest that is read. */
export const fileVersion = 1;

/** Longer lines are neither written nor read: room for the largest event with the version before it and its end. */
export const maxLineBytes: number = maxEventBytes + 64;

/** What one line of a session file holds. */
export type SessionLine =
  | { readonly type: "header"; readonly createdAt: number }
  | { readonly type: "event"; readonly event: DurableEvent }
  | { readonly type: "damage"; readonly reason: string };

/** The first line of a file. */
export function headerLine(session: SessionId, createdAt: number): string {
  return `${JSON.stringify({ claw: "session", v: fileVersion, id: session, createdAt })}\n`;
}

/** One event as a line. Throws where it is not JSON. */
export function eventLine(event: DurableEvent): string {
  return `${JSON.stringify({ v: fileVersion, ...event })}\n`;
}

/**
 * Reads a line of either kind.
 * @throws FaultError `session-corrupt` for a line of a newer version: what it means cannot be known.
 */
export function parseLine(text: string, session: SessionId): SessionLine {
  const value = parse(text);
  if (value === undefined) return { type: "damage", reason: "not JSON" };
  if (typeof value !== "object" || value === null || !("v" in value) || typeof value.v !== "number") {
    return { type: "damage", reason: "not a record" };
  }
  if (value.v > fileVersion) throw newer(session, value.v);
  const { v: _, ...record } = value;
  if ("claw" in record) return { type: "header", createdAt: createdAtOf(record) };
  return isEvent(record)
    ? { type: "event", event: record }
    : { type: "damage", reason: "not a known record" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function createdAtOf(record: object): number {
  return "createdAt" in record && typeof record.createdAt === "number" ? record.createdAt : 0;
}

function newer(session: SessionId, version: number): Error {
  return journalFault(
    "session-corrupt",
    `Session "${session}" was written in format ${version}; this version reads up to ${fileVersion}.`,
    `Use a version of Claw that reads session format ${version}.`,
  );
}

/** The record on a line: a machine that crashed may leave a run of NULs before it. */
export function recordOn(line: string): string {
  return line.startsWith("\0") ? line.replace(/^\0+/, "") : line;
}
