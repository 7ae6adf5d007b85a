import { FaultError, type Model, type ModelRef } from "@claw/agent-core";
import {
  chooseProvider,
  connectProvider,
  isFault,
  parseStubScript,
  providerNames,
  type StubScript,
  withFallback,
} from "@claw/agent-provider";
import type { ModelOptions } from "./agent-options.ts";
import { lateModel } from "./late-model.ts";
import { nodeTransport } from "./node-transport.ts";
import { randomCallId } from "./random-id.ts";

export interface Connection {
  readonly model: Model;
  readonly ref: ModelRef;
  readonly contextWindow?: number;
}

export interface ModelSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the user's settings say about the model. */
  readonly settings?: { readonly provider?: string; readonly model?: string };
  /** The user's folder for Claw, where profiles of models are kept. Absent: the model's text is not looked into. */
  readonly home?: string;
}

/** What was said, then the environment, then the settings. Rejects with a `FaultError` that says what is missing. */
export async function connectModel(
  options: ModelOptions,
  surroundings: ModelSurroundings,
): Promise<Connection> {
  if (options.connection) return options.connection;
  const first = await connectOne(options, surroundings);
  const { fallbackModels = [] } = options;
  if (fallbackModels.length === 0) return first;
  const others = fallbackModels.map((name) => {
    const named = namedModel(name, first.ref.provider);
    const { fallbackModels: _, stubScript: __, ...same } = options;
    const { settings: ___, ...around } = surroundings;
    return lateModel(named, () => connectOne({ ...same, provider: named.provider, model: named.id }, around));
  });
  return { ...first, ...withFallback([first, ...others]) };
}

/** `provider:model`, or a model of the same provider: names of models may hold colons too. */
function namedModel(name: string, provider: string): ModelRef {
  const colon = name.indexOf(":");
  const prefix = name.slice(0, Math.max(0, colon));
  return providerNames.some((known) => known === prefix)
    ? { provider: prefix, id: name.slice(colon + 1) }
    : { provider, id: name };
}

async function connectOne(options: ModelOptions, surroundings: ModelSurroundings): Promise<Connection> {
  const { env, settings = {}, home } = surroundings;
  const provider = options.provider ?? settings.provider;
  const choice = chooseProvider({
    env: withModel(env, settings.model),
    ...(provider === undefined ? {} : { provider }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.ollamaUrl === undefined ? {} : { ollamaUrl: options.ollamaUrl }),
  });
  if (isFault(choice)) throw new FaultError(choice);
  const script = stubScript(options.stubScript);
  const connected = await connectProvider(choice, {
    transport: options.transport ?? nodeTransport(),
    signal: new AbortController().signal,
    newCallId: randomCallId,
    ...(script === undefined ? {} : { stubScript: script }),
  });
  if (isFault(connected)) throw new FaultError(connected);
  if (home === undefined || options.textCalls === false) return connected;
  if (choice.provider === "anthropic" || choice.provider === "stub") return connected;
  const { withProfile } = await import("./with-profile.ts");
  return withProfile(connected, home);
}

/** The model of the settings comes after the environment's, and before a vendor's default. */
function withModel(
  env: Readonly<Record<string, string | undefined>>,
  model: string | undefined,
): Readonly<Record<string, string | undefined>> {
  if (model === undefined) return env;
  const named = { ...env };
  for (const name of ["ANTHROPIC_MODEL", "OPENAI_MODEL", "OLLAMA_MODEL"]) named[name] ||= model;
  return named;
}

function stubScript(text: string | undefined): StubScript | undefined {
  if (text === undefined) return undefined;
  const script = parseStubScript(text);
  if ("code" in script) throw new FaultError(script);
  return script;
}
