import type { SessionId } from "@claw/agent-core";
import { lockFolder, sessionFile } from "./session-file.ts";
import { lockHolder } from "./session-lock.ts";

/** Whether a living process has the session open for writing. Takes nothing and changes nothing. */
export function sessionInUse(root: string, session: SessionId): boolean {
  return lockHolder(lockFolder(sessionFile(root, session))) !== undefined;
}
