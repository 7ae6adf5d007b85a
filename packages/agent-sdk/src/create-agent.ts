import { reapStale } from "@claw/agent-tasks";
import type { Agent } from "./agent.ts";
import type { AgentOptions } from "./agent-options.ts";
import { createActiveRun } from "./assembly/active-run.ts";
import { type AgentBase, assembleBase } from "./assembly/agent-base.ts";
import { equipAgent } from "./assembly/agent-equipment.ts";
import { agentFace } from "./assembly/agent-face.ts";
import { assembleGround } from "./assembly/agent-ground.ts";
import { createRunner } from "./assembly/agent-runner.ts";
import { type BegunParts, createBegunParts } from "./assembly/begun-parts.ts";
import { closeAgent } from "./assembly/close-agent.ts";
import { lateHooks } from "./assembly/late-hooks.ts";
import { connectSession } from "./assembly/session-model.ts";
import { openStore } from "./assembly/session-store.ts";
import { assembleAgents } from "./sub-agents/assemble-agents.ts";

/**
 * Puts an agent together: settings, model, tools, permissions, session. Rejects with a `FaultError` that says what
 * is missing and what to do. `await using` (or `close`) gives the session back.
 */
export async function createAgent(given: AgentOptions = {}): Promise<Agent> {
  const begun = createBegunParts();
  try {
    return await assembleAgent(given, begun);
  } catch (error) {
    await begun.end();
    throw error;
  }
}

async function assembleAgent(given: AgentOptions, begun: BegunParts): Promise<Agent> {
  const base = await assembleBase(given);
  // What a killed process of ours left running is stopped beside the start, not before it.
  const reaped = reapStale({ folder: base.folders.jobs });
  const defining = defineAgents(base);
  const ground = await assembleGround(base);
  begun.add(ground.shells.close);
  begun.add(async () => (await ground.confinement).close());
  const model = await connectSession(base);
  begun.add(model.dispose);
  const confinement = await ground.confinement;
  const store = await openStore(base, ground);
  begun.add(() => store.opened.lease?.release());
  const definitions = await defining;
  const active = createActiveRun();
  base.onWarning((fault) => active.current()?.notice(fault));
  const parts = {
    ...base,
    ...ground,
    ...store,
    model,
    confinement,
    definitions,
    active,
    begun,
  };
  const equipment = await equipAgent(parts);
  const calledHooks = await lateHooks({ ...parts, ...equipment, mcp: equipment.mcp?.mcp });
  const equipped = { ...parts, ...equipment, calledHooks };
  const runner = createRunner(equipped);
  return agentFace({ ...equipped, runner, close: () => closeAgent({ ...equipped, runner, reaped }) });
}

function defineAgents({ options, ...base }: AgentBase): ReturnType<typeof assembleAgents> {
  const places = { ...base, claw: base.folders.home, trusted: base.trust.trusted };
  const defining = assembleAgents(options, places);
  defining.catch(() => undefined); // waited for where they are needed
  return defining;
}
