import type { AgentIdentity, JsonObject } from "@claw/agent-core";
import type { Hook } from "./hook.ts";
import { type HookOwner, type PartHooks, readPartHooks } from "./part-hooks.ts";

/** Whether a skill is followed now in a run within these agents, the outermost first, its own among them. */
export type IsFollowed = (agents: readonly AgentIdentity[]) => boolean;

/**
 * What a skill says under `hooks`: for as long as it is followed, in the conversation that follows it and in the agents that this one starts.
 * `Stop` is the end of that conversation, also where it is a sub-agent's.
 */
export function skillHooks(
  written: JsonObject,
  owner: Omit<HookOwner, "kind">,
  isFollowed: IsFollowed,
): PartHooks {
  const { hooks, unused } = readPartHooks(written, { kind: "skill", ...owner });
  const held = hooks.flatMap((hook): readonly Hook[] => {
    const own: Hook = { ...hook, isFor: isFollowed };
    if (hook.event !== "Stop") return [own];
    const isOwnEnd: IsFollowed = (agents) => isFollowed(agents) && !isFollowed(agents.slice(0, -1));
    return [own, { ...hook, event: "SubagentStop", isFor: isOwnEnd }];
  });
  return { hooks: held, unused };
}
