import { FaultError } from "@claw/agent-core";
import { chooseProvider, isFault, knownModel, listModels, type Price } from "@claw/agent-provider";
import type { AgentOptions } from "./agent-options.ts";
import { nodeTransport } from "./node-transport.ts";

/** A model that a provider offers, with what is known of it. */
export interface AvailableModel {
  readonly id: string;
  /** Tokens that a prompt can have. */
  readonly contextWindow?: number;
  readonly price?: Price;
}

/** The models of the provider that the options and the environment choose. Rejects with a `FaultError`. */
export async function availableModels(options: AgentOptions = {}): Promise<readonly AvailableModel[]> {
  const { provider, ollamaUrl, env = process.env, transport = nodeTransport() } = options;
  const choice = chooseProvider({
    env,
    ...(provider === undefined ? {} : { provider }),
    ...(ollamaUrl === undefined ? {} : { ollamaUrl }),
  });
  if (isFault(choice)) throw new FaultError(choice);
  const ids = await listModels(choice, { transport, signal: AbortSignal.timeout(30_000) });
  if (isFault(ids)) throw new FaultError(ids);
  const vendor = choice.provider === "openai-responses" ? "openai" : choice.provider;
  return ids.map((id) => {
    const known = vendor === "anthropic" || vendor === "openai" ? knownModel(vendor, id) : undefined;
    const { contextWindow, price } = known ?? {};
    return {
      id,
      ...(contextWindow === undefined ? {} : { contextWindow }),
      // What a server of one's own costs is not known.
      ...(price === undefined || choice.provider === "stub" || !choice.official ? {} : { price }),
    };
  });
}
