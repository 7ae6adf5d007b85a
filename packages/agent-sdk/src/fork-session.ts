import {
  type DurableEvent,
  foldSession,
  type Journal,
  type Lease,
  type ReadOptions,
  type SessionFold,
  type SessionId,
  type ToolOutcome,
  text,
} from "@claw/agent-core";

/** Events that are copied with one write. */
const batch = 256;

/**
 * Copies a session into the one that `lease` writes, which has nothing yet. The source may be in use: it is only
 * read. Calls that are open in it stay its own, so in the copy they are answered as that and never run.
 */
export async function forkSession(
  journal: Journal,
  source: SessionId,
  lease: Lease,
  options: ReadOptions = {},
): Promise<SessionFold> {
  const session = foldSession();
  let events: DurableEvent[] = [];
  const write = async (): Promise<void> => {
    if (events.length > 0) await lease.append(events);
    events = [];
  };
  let last: DurableEvent | undefined;
  for await (const event of journal.read(source, options)) {
    session.apply(event);
    last = event;
    if (events.push(event) >= batch) await write();
  }
  for (const call of session.openCalls) {
    if (last === undefined) break;
    const { id, name } = call;
    const outcome = session.begun.has(id) ? mayHaveHappened : notRun;
    const message = { role: "tool", call: id, name, outcome } as const;
    last = { seq: last.seq + 1, run: last.run, at: last.at, type: "message", message };
    session.apply(last);
    events.push(last);
  }
  await write();
  return session;
}

const stayed =
  "This session is a copy that was made while the call was open; the call belongs to the other session.";

const notRun: ToolOutcome = { status: "cancelled", content: [text(`${stayed} Here it was not run.`)] };

const mayHaveHappened: ToolOutcome = {
  status: "failed",
  content: [text(`${stayed} Whether it took effect is not known here: check before you repeat it.`)],
  error: { code: "outcome-unknown", message: stayed },
};
