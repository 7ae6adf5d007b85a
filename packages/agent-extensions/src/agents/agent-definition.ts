import type { JsonObject } from "@claw/agent-core";
import type { PermissionMode } from "@claw/agent-permissions";
import type { Effort } from "../effort.ts";

/** A kind of sub-agent: what it is for, what it is told, and what it may have of its parent. */
export interface AgentDefinition {
  /** When to use it; what a model chooses by. */
  readonly description: string;
  /** Its system prompt. */
  readonly prompt: string;
  /**
   * The tools that it gets, of those that its parent has; a rule such as `Bash(git log *)` allows the tool for this
   * alone. Absent: all.
   */
  readonly tools?: readonly string[];
  /** Tools that it does not get, and rules that are refused. */
  readonly disallowedTools?: readonly string[];
  /** A model of the session's provider, `provider:model`, or `inherit`, which is the default. */
  readonly model?: string;
  /** How much it thinks before it answers. Default: as much as the session. */
  readonly effort?: Effort;
  /** Where it is stricter than the parent's. Never more is allowed than there. */
  readonly permissionMode?: PermissionMode;
  /** Model requests of one run. Default: 200. */
  readonly maxTurns?: number;
  /** Goes on beside the conversation unless the call says otherwise. */
  readonly background?: boolean;
  /** Names of skills whose texts it begins with. */
  readonly skills?: readonly string[];
  /** The MCP servers whose tools it gets, of those that its parent has. Absent: all. */
  readonly mcpServers?: readonly string[];
  /** As in a settings file: for its runs and those of agents that it starts. */
  readonly hooks?: JsonObject;
  /** Works in a git worktree of its own, which stays when there are changes in it. */
  readonly isolation?: "worktree";
}
