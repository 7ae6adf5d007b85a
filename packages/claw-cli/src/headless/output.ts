import type { Agent, AgentEvent, Fault, RunResult } from "@claw/agent-sdk";

/** What one query prints, in one of the formats. stdout gets the answer or JSON; all else goes to stderr. */
export interface Output {
  readonly session: (agent: Agent) => Promise<void>;
  readonly event: (event: AgentEvent) => Promise<void>;
  readonly result: (agent: Agent, result: RunResult, durationMs: number) => Promise<void>;
  /** The run could not start. */
  readonly failure: (fault: Fault, durationMs: number) => Promise<void>;
}
