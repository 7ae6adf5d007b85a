import { readdir } from "node:fs/promises";
import type { SessionId } from "@claw/agent-core";
import { errorCode, unwritable } from "./journal-fault.ts";
import { sessionOfFile } from "./session-file.ts";

/** All of a folder, in no order; none where there is no such folder. */
export async function sessionsIn(root: string): Promise<readonly SessionId[]> {
  try {
    return (await readdir(root)).map(sessionOfFile).filter((session) => session !== undefined);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw unwritable(root, error);
  }
}
