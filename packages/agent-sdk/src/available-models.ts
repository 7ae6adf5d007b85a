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
  const { provider, ollamaUrl, env = process.env, transport = nodeTransport({ env }) } = options;
  const choice = chooseProvider({
    env,
    ...(provider === undefined ? {} : { provider }),
    ...(ollamaUrl === undefined ? {} : { ollamaUrl }),
  });
  if (isFault(choice)) throw new FaultError(choice.code === "no-model" ? noList : choice);
  const listed = await listModels(choice, { transport, signal: AbortSignal.timeout(30_000) });
  if (isFault(listed)) throw new FaultError(listed);
  const vendor = choice.provider === "openai-responses" ? "openai" : choice.provider;
  return listed.map(({ id, contextWindow: ownWindow }) => {
    const known = vendor === "anthropic" || vendor === "openai" ? knownModel(vendor, id) : undefined;
    const { contextWindow = ownWindow, price } = known ?? {};
    return {
      id,
      ...(contextWindow === undefined ? {} : { contextWindow }),
      // What a server of one's own costs is not known.
      ...(price === undefined || !("official" in choice && choice.official) ? {} : { price }),
    };
  });
}

const noList = {
  code: "no-model",
  message: "llamacpp has no list of models: it runs a GGUF file.",
  hint: "Name the file with --model.",
} as const;
