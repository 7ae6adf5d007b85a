import type { Effect, ToolOutcome } from "@claw/agent-core";
import type { ToolContext } from "@claw/agent-tools";

/** The agents that a conversation can start, as its tools need them: whoever puts the agent together runs them. */
export interface SubAgents {
  /** In the order in which the model is told of them. The first one is meant where none is named. */
  readonly kinds: readonly AgentKind[];
  /** Whether one can go on in the background. */
  readonly background: boolean;
  /** What starting it does by itself. What the agent does then is judged call by call. */
  readonly effects: (kind: string, cwd: string) => readonly Effect[];
  /** Runs it to its end, or starts it in the background. */
  readonly start: (request: AgentRequest, context: ToolContext) => Promise<ToolOutcome>;
  /** What an agent that was started before was started as; `undefined` where there is none of this id. */
  readonly kindOf: (id: string) => Promise<string | undefined>;
  /** Says something to an agent that was started before: to its run, or as its next prompt. */
  readonly send: (request: MessageRequest, context: ToolContext) => Promise<ToolOutcome>;
}

export interface MessageRequest {
  readonly to: string;
  readonly message: string;
  /** As it was judged. An agent of another kind gets nothing. */
  readonly kind: string | undefined;
}

export interface AgentKind {
  readonly name: string;
  /** When to use it. */
  readonly description: string;
}

export interface AgentRequest {
  readonly kind: string;
  /** The task in a few words. */
  readonly description: string;
  readonly prompt: string;
  /** A model of the session's provider, `provider:model`, or `inherit`. Absent: as the agent is defined. */
  readonly model?: string;
  readonly background?: boolean;
}
