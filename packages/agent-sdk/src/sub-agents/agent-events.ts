import type { DurableEvent, RunId, ToolCallId } from "@claw/agent-core";

/**
 * The events of one sub-agent, of all its runs, as if its conversation stood alone: those that happened inside of its own calls
 * have a `parent`. `isStarter`: whether a call may have started it; left out: any may.
 */
export async function* agentEvents(
  events: AsyncIterable<DurableEvent>,
  id: string,
  isStarter: (call: ToolCallId) => boolean = () => true,
): AsyncGenerator<DurableEvent> {
  const calls = new Map<RunId, ToolCallId>();
  for await (const event of events) {
    const { parent } = event;
    if (parent === undefined) continue;
    if (event.type === "run-start" && event.agent?.id === id && isStarter(parent))
      calls.set(event.run, parent);
    const call = calls.get(event.run);
    if (call === undefined) continue;
    const { parent: _, ...own } = event;
    yield parent === call ? own : event;
  }
}
