import type { Content } from "@claw/agent-core";

/** A model's reply that a server asks for. */
export interface Sampling {
  /** Its part of tool names. */
  readonly server: string;
  readonly system?: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: Content }[];
  readonly maxTokens: number;
}

export interface Sampled {
  readonly model: string;
  readonly text: string;
  readonly stop: "endTurn" | "maxTokens";
}

/** Asks the run's model for a server, after it was permitted. A `FaultError` is told to the server as its refusal. */
export type Sample = (sampling: Sampling, signal: AbortSignal) => Promise<Sampled>;
