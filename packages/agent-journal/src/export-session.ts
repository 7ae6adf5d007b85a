import type { Journal, ReadOptions, SessionId } from "@claw/agent-core";
import { eventLine, headerLine } from "./session-line.ts";

/**
 * A session of any journal as the lines of a session file, each with its newline. Damaged records are
 * left out; a session without events is nothing.
 */
export async function* exportSession(
  journal: Journal,
  session: SessionId,
  options: Pick<ReadOptions, "onDamage"> = {},
): AsyncGenerator<string, void> {
  let first = true;
  for await (const event of journal.read(session, options)) {
    if (first) yield headerLine(session, event.at);
    first = false;
    yield eventLine(event);
  }
}
