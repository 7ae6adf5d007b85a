import { join } from "node:path";
import type { Effect } from "@claw/agent-core";
import type { AgentDefinition } from "@claw/agent-extensions";
import type { AgentKind } from "@claw/tools-builtin";
import { worktreeCommand } from "./worktree-command.ts";

/** What a model is told of the agents, in the order of the definitions. */
export function agentKinds(definitions: ReadonlyMap<string, AgentDefinition>): readonly AgentKind[] {
  return [...definitions].map(([name, { description }]) => ({ name, description }));
}

/** What starting an agent does by itself: nothing, unless it works in a worktree of its own. */
export function worktreeEffects(
  definition: AgentDefinition | undefined,
  { cwd, worktrees }: { readonly cwd: string; readonly worktrees: string },
): readonly Effect[] {
  if (definition?.isolation !== "worktree") return [];
  return [
    { type: "exec", argv: worktreeCommand(join(worktrees, "*")), cwd },
    { type: "exec", argv: ["git", "worktree", "remove", join(worktrees, "*")], cwd },
    { type: "write", path: worktrees },
  ];
}
