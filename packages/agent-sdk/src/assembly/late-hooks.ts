import { whyHookIsOff } from "@claw/agent-extensions";
import type { Mcp } from "@claw/agent-mcp";
import type { HeldHooks } from "../extensions/held-hooks.ts";
import type { SessionExtensions } from "../extensions/session-extensions.ts";
import type { AgentHooks } from "../hooks/assemble-hooks.ts";
import type { SessionAgents } from "../sub-agents/assemble-agents.ts";
import { hooksOfAgents } from "../sub-agents/hooks-of-agents.ts";
import type { AgentBase } from "./agent-base.ts";
import type { AgentGround } from "./agent-ground.ts";
import type { SessionStore } from "./session-store.ts";

export interface HookParts extends AgentBase, Omit<AgentGround, "confinement">, SessionStore {
  readonly mcp: Mcp | undefined;
  readonly definitions: SessionAgents;
  readonly held: HeldHooks;
  readonly extensions: Pick<SessionExtensions, "skills">;
}

/** The hooks of an agent. Nothing of them is loaded where there are none. */
export async function lateHooks(parts: HookParts): Promise<AgentHooks | undefined> {
  const whyOff = whyHookIsOff(parts.settings);
  const ofParts = [...hooksOfAgents(parts.definitions), ...parts.held.of(parts.extensions.skills())];
  const called = [...parts.hooks, ...ofParts.filter((hook) => whyOff(hook) === undefined)];
  if (called.length === 0) return undefined;
  const { options, opened, permissions, folders } = parts;
  const isInOurFiles = options.journal === undefined && opened.lease !== undefined;
  const { assembleHooks } = await import("../hooks/assemble-hooks.ts");
  return assembleHooks(called, {
    ...parts,
    session: opened.id,
    isResumed: parts.isBegun,
    sessions: isInOurFiles ? folders.sessions : undefined,
    machine: parts.ownMachine,
    policy: permissions.policy,
    mode: permissions.mode,
    remember: permissions.keep,
  });
}
