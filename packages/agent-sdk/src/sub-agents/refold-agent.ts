import {
  type DurableEvent,
  foldSession,
  type RunId,
  type SessionFold,
  type ToolCallId,
} from "@claw/agent-core";

/** A sub-agent of the conversation itself, as the journal tells it. */
export interface RefoldedAgent {
  /** The kind it was started as. */
  readonly kind: string;
  readonly session: SessionFold;
  /** Where it worked. */
  readonly cwd: string | undefined;
}

/**
 * Folds the conversation of a sub-agent again: all its runs, as if it stood alone. `undefined` when the conversation
 * itself started none of this id.
 */
export async function refoldAgent(
  events: AsyncIterable<DurableEvent>,
  id: string,
): Promise<RefoldedAgent | undefined> {
  const session = foldSession();
  const calls = new Map<RunId, ToolCallId>();
  const ownCalls = new Set<ToolCallId>();
  let found: Omit<RefoldedAgent, "session"> | undefined;
  for await (const event of events) {
    const { parent } = event;
    if (parent === undefined) {
      if (event.type === "tool-intent") ownCalls.add(event.call);
      continue;
    }
    if (event.type === "run-start" && event.agent?.id === id && ownCalls.has(parent)) {
      calls.set(event.run, parent);
      found ??= { kind: event.agent.name, cwd: event.cwd };
    }
    const call = calls.get(event.run);
    if (call === undefined) continue;
    const { parent: _, ...own } = event;
    session.apply(parent === call ? own : event);
  }
  return found && { ...found, session };
}
