import { basename, join } from "node:path";
import { type Machine, quickDigest, type Steps } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import type { SubAgents } from "@claw/tools-builtin";
import type { AgentOptions } from "../agent-options.ts";
import type { Permissions } from "../assemble-permissions.ts";
import type { ToolSurroundings } from "../assemble-tools.ts";
import type { Connection } from "../connect-model.ts";
import type { SessionExtensionsOptions } from "../extensions/session-extensions.ts";
import type { OpenedSession } from "../open-session.ts";
import { randomId } from "../random-id.ts";
import { surroundings } from "../system-prompts.ts";
import { agentKinds, worktreeEffects } from "./agent-kinds.ts";
import type { AgentWorld } from "./agent-world.ts";
import type { SessionAgents } from "./assemble-agents.ts";

/** The agents of a session as its tools see them. What runs one is loaded when the first one is started. */
export interface SessionSubAgents {
  readonly tools: SubAgents;
  /** Lets go of the models that were connected for agents. */
  readonly dispose: () => Promise<void>;
}

export interface SubAgentParts {
  readonly cwd: string;
  readonly home: string;
  readonly machine: Machine;
  readonly opened: OpenedSession;
  readonly tasks: TaskRuntime;
  readonly permissions: Permissions;
  readonly steps: Steps;
  readonly effort: AgentOptions["effort"] | undefined;
  readonly toolParts: Omit<
    ToolSurroundings,
    "cwd" | "tasks" | "ledger" | "recall" | "agents" | "keeps" | "agent"
  >;
  /** What files add to the session. */
  readonly extensionParts: Omit<SessionExtensionsOptions, "isLate" | "agent" | "mcp" | "warn">;
  readonly connection: () => Connection;
  readonly connect: AgentWorld["connect"];
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Agents that run at once on each level of nesting. */
const agentsAtOnce = 10;

/** `undefined` when there are no agents to start. */
export function subAgents(
  definitions: SessionAgents,
  options: AgentOptions,
  parts: SubAgentParts,
): SessionSubAgents | undefined {
  if (definitions.size === 0) return undefined;
  const { cwd, home } = parts;
  const worktrees = join(home, "claw-worktrees", `${basename(cwd)}-${quickDigest(cwd).slice(0, 8)}`);
  const connected = new Map<string, Promise<Connection>>();
  let loaded: Promise<SubAgents> | undefined;

  const load = (): Promise<SubAgents> => {
    loaded ??= start();
    return loaded;
  };

  async function start(): Promise<SubAgents> {
    const { createAgentStarter } = await import("./start-agents.ts");
    const { createTurnstile } = await import("./turnstile.ts");
    const { agentPolicy } = await import("./agent-policy.ts");
    const { equipSubAgent } = await import("./equip-sub-agent.ts");
    const { opened, permissions, machine, tasks, connection, steps, effort } = parts;
    const world: AgentWorld = {
      ...{ definitions, connection, connect, tasks, machine, cwd, worktrees, newId: randomId },
      ...{ addFolder: permissions.addFolder, lend: permissions.lend, forks: parts.extensionParts.forks },
      cacheKey: opened.id,
      equip: (agent) => equipSubAgent(agent, options, parts),
      policy: ({ id, name }, definition, folder) =>
        agentPolicy(permissions.optionsFor(id), name, definition, folder),
      system: (prompt, place) =>
        `${prompt}\n\n${surroundings({ cwd: place, platform: process.platform, today: today() })}`,
      events: opened.lease === undefined ? undefined : () => opened.journal.read(opened.id),
      run: {
        steps,
        ...(effort === undefined ? {} : { reasoning: { effort } }),
        ...(options.maxOutputTokens === undefined ? {} : { maxOutputTokens: options.maxOutputTokens }),
      },
    };
    return createAgentStarter(world, createTurnstile(agentsAtOnce), {
      isSession: true,
      cwd,
      keeps: () => true,
      connection,
    });
  }

  /** Once for each name; one that failed is tried again. */
  function connect(model: string, instead: Connection): Promise<Connection> {
    const key = `${instead.ref.provider} ${model}`;
    const connecting = connected.get(key) ?? parts.connect(model, instead);
    connected.set(key, connecting);
    connecting.catch(() => connected.delete(key));
    return connecting;
  }

  return {
    tools: {
      kinds: agentKinds(definitions),
      background: true,
      effects: (kind) => worktreeEffects(definitions.get(kind), { cwd, worktrees }),
      start: async (request, context) => (await load()).start(request, context),
      kindOf: async (id) => (await load()).kindOf(id),
      send: async (request, context) => (await load()).send(request, context),
    },
    dispose: async () => {
      const all = await Promise.allSettled(connected.values());
      await Promise.allSettled(
        all.map((each) => (each.status === "fulfilled" ? each.value.dispose?.() : undefined)),
      );
    },
  };
}
