import type { SessionId } from "@claw/agent-core";
import { lockFolder, sessionFile } from "./session-file.ts";
import { lockHolder } from "./session-lock.ts";
import { sessionsIn } from "./sessions-in.ts";

/** The sessions of a folder that living processes have open for writing. Takes nothing and opens none of them. */
export async function sessionsInUse(root: string): Promise<readonly SessionId[]> {
  return (await sessionsIn(root)).filter(
    (session) => lockHolder(lockFolder(sessionFile(root, session))) !== undefined,
  );
}
