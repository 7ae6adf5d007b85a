import { type DurableEvent, foldSession, type SessionFold, type ToolCallId } from "@claw/agent-core";
import { agentEvents } from "./agent-events.ts";

/** A sub-agent of the conversation itself, as the journal tells it. */
export interface RefoldedAgent {
  /** The kind it was started as. */
  readonly kind: string;
  readonly session: SessionFold;
  /** Where it worked. */
  readonly cwd: string | undefined;
}

/** Folds the conversation of a sub-agent again. `undefined` when the conversation itself started none of this id. */
export async function refoldAgent(
  events: AsyncIterable<DurableEvent>,
  id: string,
): Promise<RefoldedAgent | undefined> {
  const session = foldSession();
  const ownCalls = new Set<ToolCallId>();
  let found: Omit<RefoldedAgent, "session"> | undefined;
  const noted = noteCalls(events, ownCalls);
  for await (const event of agentEvents(noted, id, (call) => ownCalls.has(call))) {
    if (event.type === "run-start" && event.agent?.id === id) {
      found ??= { kind: event.agent.name, cwd: event.cwd };
    }
    session.apply(event);
  }
  return found && { ...found, session };
}

/** The same events; the calls of the conversation itself are noted as they go by. */
async function* noteCalls(
  events: AsyncIterable<DurableEvent>,
  calls: Set<ToolCallId>,
): AsyncGenerator<DurableEvent> {
  for await (const event of events) {
    if (event.parent === undefined && event.type === "tool-intent") calls.add(event.call);
    yield event;
  }
}
