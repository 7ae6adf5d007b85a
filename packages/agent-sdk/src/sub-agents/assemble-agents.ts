import { type Fault, FaultError, type JsonObject } from "@claw/agent-core";
import {
  type AgentDefinition,
  agentsSection,
  loadAgents,
  type Plugin,
  readAgentDefinition,
  type Settings,
} from "@claw/agent-extensions";
import type { AgentListing } from "../agent.ts";
import type { AgentOptions } from "../agent-options.ts";
import { builtInAgents } from "./built-in-agents.ts";

/** The agents that a session can start, in the order in which the model is told of them. */
export type SessionAgents = ReadonlyMap<string, AgentDefinition & { readonly from: string }>;

export interface AgentSurroundings {
  readonly claw: string;
  readonly home: string;
  readonly cwd: string;
  readonly trusted: boolean;
  readonly plugins: readonly Plugin[];
  readonly settings: Settings;
  readonly warn: (fault: Fault) => void;
  /** Told of what files say that changes nothing. */
  readonly unused?: (fault: Fault) => void;
}

/**
 * Those that were given, then those of files, then the built-in ones; of those with one name the first counts. Warns of
 * files that cannot be used. Rejects with a `FaultError` `agent-definition` for one that was given and is wrong.
 */
export async function assembleAgents(
  { agents = {}, preset }: Pick<AgentOptions, "agents" | "preset">,
  { warn, unused, settings, ...places }: AgentSurroundings,
): Promise<SessionAgents> {
  const all = new Map<string, AgentDefinition & { readonly from: string }>();
  const { enabled = true, disabled = [] } = settings.get(agentsSection) ?? {};
  if (preset !== "minimal" && enabled) {
    const files = await loadAgents(places);
    for (const problem of files.problems) warn(problem);
    for (const fault of files.unused) unused?.(fault);
    for (const [name, definition] of Object.entries(builtInAgents))
      all.set(name, { ...definition, from: "built in" });
    for (const { name, definition, file } of files.agents) all.set(name, { ...definition, from: file });
    for (const name of disabled) all.delete(name);
  }
  for (const name of Object.keys(agents).sort((one, other) => (one < other ? -1 : 1)))
    all.set(name, { ...given(name, agents[name], warn), from: "given" });
  return all;
}

/** The same, for people. */
export function agentListing(agents: SessionAgents): readonly AgentListing[] {
  return [...agents].map(([name, { description, from }]) => ({ name, description, from }));
}

/** What was given came from a program or a command line: it is looked at like a file. */
function given(name: string, value: unknown, warn: AgentSurroundings["warn"]): AgentDefinition {
  // Read as JSON: what is no part of a definition is passed over.
  const values = (typeof value === "object" && value !== null ? { ...value, name } : { name }) as JsonObject;
  const { prompt } = values;
  const read = readAgentDefinition(values, typeof prompt === "string" ? prompt : "");
  if (read.type === "read") {
    for (const { reason } of read.unused)
      warn({ code: "agent-key", message: `The agent "${name}": ${reason}` });
    return read.definition;
  }
  throw new FaultError({
    code: "agent-definition",
    message: `The agent "${name}" cannot be used: ${read.reason}`,
    hint: "An agent is an object with a description, a prompt and what else it is to have.",
  });
}
