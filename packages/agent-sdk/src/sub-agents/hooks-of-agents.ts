import { agentHooks, type Hook } from "@claw/agent-extensions";
import type { SessionAgents } from "./assemble-agents.ts";

/** Those that the definitions of agents bring. */
export function hooksOfAgents(definitions: SessionAgents): readonly Hook[] {
  return [...definitions].flatMap(([name, { hooks, from }]) =>
    hooks === undefined ? [] : agentHooks(hooks, { name, file: from }).hooks,
  );
}
