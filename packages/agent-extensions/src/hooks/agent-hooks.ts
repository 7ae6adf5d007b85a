import type { AgentIdentity, JsonObject } from "@claw/agent-core";
import { valuePlace } from "../settings/value-place.ts";
import type { Hook } from "./hook.ts";
import type { HookEventName } from "./hook-events.ts";
import { readHooks } from "./hooks-section.ts";

/** The hooks that a file brings for a part of a session, and what of them changes nothing. */
export interface PartHooks {
  readonly hooks: readonly Hook[];
  /** One sentence each. */
  readonly unused: readonly string[];
}

/** Whose they are: an agent's, by its kind. */
export interface HookOwner {
  readonly name: string;
  /** Where they stand. */
  readonly file: string;
}

/**
 * What an agent's definition says under `hooks`, in the form of settings files: for its own runs, and for those of the agents that it
 * starts, so that a guard cannot be got around by another agent. `Stop` is the end of the agent itself.
 */
export function agentHooks(written: JsonObject, { name, file }: HookOwner): PartHooks {
  const unused: string[] = [];
  const place = {
    scope: "user",
    name: `agent ${name}`,
    file,
    root: "/",
    foreign: false,
    inWorkspace: false,
  } as const;
  const read = readHooks(
    written,
    valuePlace(place, ["hooks"], ({ path, text }) => void unused.push(`${path.join(".")} ${text}`.trim())),
  );
  const hooks = (read ?? []).flatMap((hook): readonly Hook[] => {
    if (elsewhere.has(hook.event)) {
      unused.push(`hooks.${hook.event} is not for agents: nothing of it happens in one`);
      return [];
    }
    const event: HookEventName = hook.event === "Stop" ? "SubagentStop" : hook.event;
    const isOwn = event === "SubagentStart" || event === "SubagentStop";
    const isFor = (agents: readonly AgentIdentity[]): boolean =>
      isOwn ? agents.at(-1)?.name === name : agents.some((agent) => agent.name === name);
    const own = { name: `${name}:${hook.name}`, source: place.name, isManaged: false };
    return [{ ...hook, event, ...own, isFor }];
  });
  return { hooks, unused };
}

/** Events that no sub-agent's run has. */
const elsewhere: ReadonlySet<HookEventName> = new Set([
  "UserPromptSubmit",
  "SessionStart",
  "SessionEnd",
  "TaskCompleted",
]);
