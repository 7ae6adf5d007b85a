import type {
  AgentIdentity,
  DurableEvent,
  Machine,
  Policy,
  RunOptions,
  SessionFold,
  Toolbox,
} from "@claw/agent-core";
import type { AgentDefinition } from "@claw/agent-extensions";
import type { AgentTasks, TaskRuntime } from "@claw/agent-tasks";
import type { SubAgents } from "@claw/tools-builtin";
import type { Connection } from "../connect-model.ts";
import type { Forks } from "../extensions/forks.ts";
import type { SessionExtensions } from "../extensions/session-extensions.ts";
import type { Lending } from "../lending.ts";

/** What all sub-agents of a session are made of. */
export interface AgentWorld {
  readonly definitions: ReadonlyMap<string, AgentDefinition>;
  /** The session's model as it is now. */
  readonly connection: () => Connection;
  /** Another one. Rejects with a `FaultError`. */
  readonly connect: (model: string, instead: Connection) => Promise<Connection>;
  readonly equip: (tools: AgentTools) => Promise<Equipment>;
  /** What a definition takes away, beside what the parent may. */
  readonly policy: (agent: AgentIdentity, definition: AgentDefinition, folder: string | undefined) => Policy;
  /** What comes with the tasks of skills. */
  readonly forks: Forks;
  /** What an agent is lent, until what comes back is called. */
  readonly lend: Lending["lend"];
  /** Counts a folder as part of the workspace. @returns ends that. */
  readonly addFolder: (folder: string) => () => void;
  readonly system: (prompt: string, cwd: string) => string;
  readonly tasks: TaskRuntime;
  readonly machine: Machine;
  /** Absolute. */
  readonly cwd: string;
  /** Where worktrees are put. Absolute. */
  readonly worktrees: string;
  /** The events of the session from its beginning; `undefined` where nothing is kept. */
  readonly events: (() => AsyncIterable<DurableEvent>) | undefined;
  /** Distinct each time. */
  readonly newId: () => string;
  /** The cache key of the session. */
  readonly cacheKey: string;
  readonly run: Pick<RunOptions, "steps" | "maxOutputTokens" | "reasoning">;
}

/** What one agent works with as long as its conversation goes on. */
export interface Equipment {
  /** Its background tasks. */
  readonly tasks: AgentTasks;
  readonly toolbox: Toolbox;
  /** What files add to its conversation. */
  readonly extensions: SessionExtensions;
  /** A model for one run, with what keeps the conversation inside of its window. */
  readonly mind: (connection: Connection, system: string) => Pick<RunOptions, "model" | "ref" | "compact">;
}

/** What one agent is given. */
export interface AgentTools {
  /** Of the agent. */
  readonly id: string;
  /** Its conversation. */
  readonly session: SessionFold;
  /** Names of skills that it begins with. */
  readonly skills: readonly string[];
  readonly cwd: string;
  /** Of those that the session has. */
  readonly keeps: (tool: string) => boolean;
  readonly agents: SubAgents;
}
