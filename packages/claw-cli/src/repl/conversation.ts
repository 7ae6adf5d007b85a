import type { Agent } from "@claw/agent-sdk";
import type { CalledCommand } from "../command-in.ts";

/** What a slash command may do with the conversation it is typed in. */
export interface Conversation {
  readonly agent: () => Agent;
  /** A run goes on. */
  readonly busy: () => boolean;
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Closes the session and begins a new one with the same options. */
  readonly startOver: () => Promise<void>;
  readonly listSessions: () => Promise<void>;
  /** Leaves, after the run that goes on. */
  readonly leave: () => void;
  /** Runs a prompt to its end. Never rejects. */
  readonly start: (text: string) => Promise<void>;
  /** Makes the conversation shorter, to its end. Never rejects. */
  readonly compact: (instructions: string) => Promise<void>;
  /** Runs a command of the agent to its end. Never rejects. */
  readonly call: (called: CalledCommand) => Promise<void>;
  /** Says something to the run that goes on. */
  readonly steer: (text: string) => void;
}
