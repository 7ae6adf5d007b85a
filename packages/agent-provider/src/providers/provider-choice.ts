import type { Fault, ModelFaultCode } from "@claw/agent-core";
import type { Auth } from "../auth.ts";

/** The providers by name. */
export type ProviderName = "anthropic" | "ollama" | "openai" | "openai-responses" | "llamacpp" | "stub";

/** Every provider's name, for messages and completions. */
export const providerNames: readonly ProviderName[] = [
  "anthropic",
  "ollama",
  "openai",
  "openai-responses",
  "llamacpp",
  "stub",
];

/** Which provider and model to use, and what is needed to reach it. */
export type ProviderChoice = StubChoice | LlamacppChoice | RemoteChoice;

export interface StubChoice {
  readonly provider: "stub";
  readonly model: string;
}

/** A model in this process, by the optional package `node-llama-cpp`. */
export interface LlamacppChoice {
  readonly provider: "llamacpp";
  /** A GGUF file. */
  readonly model: string;
}

export interface RemoteChoice {
  readonly provider: Exclude<ProviderName, "stub" | "llamacpp">;
  /** Absent: the only one that the server lists. */
  readonly model?: string;
  readonly url: string;
  readonly auth: Auth;
  /** Whether the URL is the vendor's own: its prices and its fields hold then. */
  readonly official: boolean;
  /** `default`: nobody named it, and no key spoke for another one. */
  readonly chosenBy: "flag" | "key" | "default";
  /** Ollama: tokens of context to load the model with. */
  readonly contextTokens?: number;
}

export type ProviderFault = Fault<ProviderFaultCode>;

export type ProviderFaultCode =
  /** The name is none of the providers'. */
  | "unknown-provider"
  /** A key that is needed is not set, or is none. */
  | "no-key"
  /** No model was named, and the server does not settle it. */
  | "no-model"
  | "bad-url"
  /** Nobody chose a provider, and the default one is not there. */
  | "no-provider"
  | "cancelled"
  | ModelFaultCode;
