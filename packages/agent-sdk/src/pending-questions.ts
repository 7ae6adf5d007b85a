import { foldSession, type PermissionRequest } from "@claw/agent-core";
import { readSession, type SessionsOf } from "./sessions.ts";

/**
 * The questions that a session waits for, as they were put; none when it waits for nothing. Takes no lease, so it can be
 * asked while the session is in use. Rejects with `session-unknown`.
 */
export async function pendingQuestions(
  options: SessionsOf,
  session: string,
): Promise<readonly PermissionRequest[]> {
  const fold = foldSession();
  for await (const event of readSession(options, session)) fold.apply(event);
  return fold.pendingPermissions;
}
