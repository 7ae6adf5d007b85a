import type { AgentIdentity, JsonObject } from "@claw/agent-core";
import type { Hook } from "./hook.ts";
import type { HookEventName } from "./hook-events.ts";
import { type HookOwner, type PartHooks, readPartHooks } from "./part-hooks.ts";

/**
 * What an agent's definition says under `hooks`: for its own runs, and for those of the agents that it starts, so that a guard cannot be
 * got around by another agent. `Stop` is the end of the agent itself.
 */
export function agentHooks(written: JsonObject, owner: Omit<HookOwner, "kind">): PartHooks {
  const { name } = owner;
  const { hooks, unused } = readPartHooks(written, { kind: "agent", ...owner });
  const own = hooks.map((hook): Hook => {
    const event: HookEventName = hook.event === "Stop" ? "SubagentStop" : hook.event;
    const isOwn = event === "SubagentStart" || event === "SubagentStop";
    const isFor = (agents: readonly AgentIdentity[]): boolean =>
      isOwn ? agents.at(-1)?.name === name : agents.some((agent) => agent.name === name);
    return { ...hook, event, isFor };
  });
  return { hooks: own, unused };
}
