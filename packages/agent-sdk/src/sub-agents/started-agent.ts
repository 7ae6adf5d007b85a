import type { Run, SessionFold } from "@claw/agent-core";
import type { AgentDefinition } from "@claw/agent-extensions";
import type { Connection } from "../connect-model.ts";
import type { Equipment } from "./agent-world.ts";
import type { Worktree } from "./worktree.ts";

/** A conversation that may start agents, and what it can give them: no more than it has itself. */
export interface AgentParent {
  readonly isSession: boolean;
  /** Absolute. */
  readonly cwd: string;
  readonly keeps: (tool: string) => boolean;
  readonly connection: () => Connection;
}

/** An agent that was started, with its conversation. */
export interface StartedAgent {
  readonly id: string;
  readonly kind: string;
  readonly definition: AgentDefinition;
  readonly session: SessionFold;
  readonly cwd: string;
  readonly equipment: Equipment;
  readonly connection: () => Promise<Connection>;
  readonly worktree: Worktree | undefined;
  /** Settles when what it does now is done. */
  busy: Promise<unknown> | undefined;
  /** Of what it does now, since that has begun: it may be over while what it leaves is still being stopped. */
  run: Run | undefined;
}
