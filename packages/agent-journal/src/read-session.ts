import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { DurableEvent, ReadOptions, SessionId } from "@claw/agent-core";
import { fileLines } from "./file-lines.ts";
import { errorCode, journalFault, unwritable } from "./journal-fault.ts";
import { sessionFile } from "./session-file.ts";
import { maxLineBytes, parseLine, recordOn } from "./session-line.ts";

/**
 * The events of a session file in order. Lines that are cut off, not JSON, of the wrong shape, too long or out of
 * order are skipped and reported.
 * @throws FaultError `session-unknown`, `session-corrupt` for a newer format.
 */
export async function* readSession(
  root: string,
  session: SessionId,
  { after = 0, onDamage }: ReadOptions = {},
): AsyncGenerator<DurableEvent, void> {
  const file = await openSession(root, session);
  let last = 0;
  const report = (line: number, reason: string): void => {
    try {
      onDamage?.({ line, reason });
    } catch {
      // A listener that throws must not cost the session.
    }
  };
  try {
    for await (const { number, text, ended } of fileLines(file, maxLineBytes)) {
      if (text === undefined) {
        report(number, `longer than ${maxLineBytes} bytes`);
        continue;
      }
      const record = recordOn(text);
      if (record.length < text.length) report(number, "a run of NUL bytes");
      if (record === "") continue;
      const line = parseLine(record, session);
      if (line.type === "damage") report(number, ended ? line.reason : "cut off");
      if (line.type !== "event") continue;
      if (line.event.seq <= last) {
        report(number, `out of order: ${line.event.seq} after ${last}`);
        continue;
      }
      last = line.event.seq;
      if (last > after) yield line.event;
    }
  } finally {
    await file.close();
  }
}

async function openSession(root: string, session: SessionId): Promise<FileHandle> {
  try {
    return await open(sessionFile(root, session), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = errorCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw unwritable(root, error);
    throw journalFault("session-unknown", `There is no session "${session}" in ${root}.`);
  }
}
