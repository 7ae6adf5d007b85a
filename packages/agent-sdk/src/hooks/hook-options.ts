import type { GivenHooks } from "@claw/agent-extensions";

/** Who is called at the turning points of a session, beside those that settings and plugins name. */
export interface HookOptions {
  /**
   * Functions by event. They run for each run of the agent and in its sub-agents, and no setting of a user switches
   * them off. One that throws or takes too long at `PreToolUse` or `PermissionRequest` refuses.
   */
  readonly hooks?: GivenHooks;
}
