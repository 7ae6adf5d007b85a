import { foldSession, type SessionFold } from "@claw/agent-core";
import type { AgentDefinition } from "@claw/agent-extensions";
import type { SubAgents } from "@claw/tools-builtin";
import type { Connection } from "../connect-model.ts";
import { isInherited } from "../inherited-model.ts";
import type { AgentWorld } from "./agent-world.ts";
import { isListed } from "./listed-tools.ts";
import type { AgentParent, StartedAgent } from "./started-agent.ts";
import { makeWorktree, reopenWorktree } from "./worktree.ts";

/** What makes agents out of definitions. */
export interface AgentMaker {
  /** One that has said nothing yet. Rejects with a `FaultError` where it cannot have the worktree that it asks for. */
  readonly make: (made: MadeAgent, signal: AbortSignal) => Promise<StartedAgent>;
  /** One that has a conversation already, where it worked before. */
  readonly remake: (
    made: MadeAgent & { readonly session: SessionFold; readonly cwd: string },
  ) => Promise<StartedAgent>;
}

export interface MadeAgent {
  readonly id: string;
  readonly kind: string;
  readonly definition: AgentDefinition;
  /** In place of the definition's. */
  readonly model?: string | undefined;
}

/** `below` gives an agent what starts its own. */
export function createAgentMaker(
  world: AgentWorld,
  parent: AgentParent,
  below: (parent: AgentParent) => SubAgents,
): AgentMaker {
  async function adopt({
    model,
    ...agent
  }: MadeAgent & Pick<StartedAgent, "session" | "cwd" | "worktree">): Promise<StartedAgent> {
    const { id, definition, session, cwd } = agent;
    const named = model ?? definition.model ?? "inherit";
    const connect = async (): Promise<Connection> =>
      isInherited(named) ? parent.connection() : world.connect(named, parent.connection());
    const keeps = (tool: string): boolean => parent.keeps(tool) && isListed(definition, tool);
    let own = parent.connection();
    const agents = below({ isSession: false, cwd, keeps, connection: () => own });
    return {
      ...agent,
      equipment: await world.equip({ id, session, cwd, keeps, agents, skills: definition.skills ?? [] }),
      connection: async () => {
        own = await connect();
        return own;
      },
      busy: undefined,
      run: undefined,
    };
  }

  return {
    make: async (made, signal) => {
      const { id, definition } = made;
      const worktree =
        definition.isolation === "worktree"
          ? await makeWorktree({ ...world, cwd: parent.cwd, id }, signal)
          : undefined;
      return adopt({ ...made, session: foldSession(), worktree, cwd: worktree?.cwd ?? parent.cwd });
    },
    remake: (made) => {
      const { id, definition, cwd } = made;
      const isApart = definition.isolation === "worktree";
      return adopt({ ...made, worktree: isApart ? reopenWorktree({ ...world, cwd, id }) : undefined });
    },
  };
}
