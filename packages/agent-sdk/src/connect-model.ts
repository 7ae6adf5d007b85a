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

export interface Connection {
  readonly model: Model;
  readonly ref: ModelRef;
  readonly contextWindow?: number;
}

/** What was said, then the environment, then the settings. Rejects with a `FaultError` that says what is missing. */
export async function connectModel(
  options: ModelOptions,
  settings: { readonly provider?: string; readonly model?: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
  if (options.connection) return options.connection;
  const first = await connectOne(options, settings, env);
  const { fallbackModels = [] } = options;
  if (fallbackModels.length === 0) return first;
  const others = fallbackModels.map((name) => {
    const named = namedModel(name, first.ref.provider);
    const { fallbackModels: _, stubScript: __, ...same } = options;
    return lateModel(named, () =>
      connectOne({ ...same, provider: named.provider, model: named.id }, {}, env),
    );
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

async function connectOne(
  options: ModelOptions,
  settings: { readonly provider?: string; readonly model?: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
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
    ...(script === undefined ? {} : { stubScript: script }),
  });
  if (isFault(connected)) throw new FaultError(connected);
  return connected;
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
