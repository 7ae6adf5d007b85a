import { resolve } from "node:path";
import { type Fault, FaultError, type ModelRef } from "@claw/agent-core";
import { fallbackModelSection, modelSection, providerSection, type Settings } from "@claw/agent-extensions";
import {
  type Connected,
  chooseProvider,
  connectProvider,
  isFault,
  type ProviderChoice,
  parseStubScript,
  providerNames,
  type RetryOptions,
  type StubScript,
  withFallback,
} from "@claw/agent-provider";
import type { ModelOptions } from "./agent-options.ts";
import { lateModel } from "./late-model.ts";
import { nodeTransport } from "./node-transport.ts";
import { randomCallId } from "./random-id.ts";

/** A model that is ready, with what is known of it. */
export type Connection = Pick<
  Connected,
  "model" | "ref" | "contextWindow" | "countTokens" | "findContextWindow" | "dispose"
>;

export interface ModelSurroundings {
  /** Absolute: a model's file is named from here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What they say about the model comes after what was said and after the environment. */
  readonly settings?: Settings;
  /** The user's folder for Claw, where profiles of models are kept. Absent: the model's text is not looked into. */
  readonly home?: string;
}

/** What was said, then the environment, then the settings. Rejects with a `FaultError` that says what is missing. */
export async function connectModel(
  options: ModelOptions,
  surroundings: ModelSurroundings,
): Promise<Connection> {
  const { contextWindow, connection } = options;
  const own = contextWindow === undefined ? {} : { contextWindow };
  // Who brings a model of his own says himself what stands in for it.
  const ofSettings = connection === undefined ? surroundings.settings?.get(fallbackModelSection) : undefined;
  const fallbackModels = options.fallbackModels ?? ofSettings ?? [];
  const patience = fallbackModels.length === 0 ? {} : shortPatience;
  const first: Connection = {
    ...(connection ?? (await connectOne(options, surroundings, patience))),
    ...own,
  };
  if (fallbackModels.length === 0) return first;
  const others = fallbackModels.map((name, place) => {
    const named = namedModel(name, first.ref.provider);
    const isLast = place === fallbackModels.length - 1;
    return lateModel(named, () =>
      connectNamed(name, first.ref, options, surroundings, isLast ? {} : shortPatience),
    );
  });
  return { ...first, ...withFallback([first, ...others]) };
}

/** Who named another model to ask does not want to wait for this one: it is tried again while that takes seconds. */
const shortPatience: RetryOptions = { maxAttempts: 3, maxTotalMs: 10_000 };

/**
 * Another model than the session's: `provider:model`, or one of the provider that `instead` is of. Rejects like
 * `connectModel`.
 */
export async function connectNamed(
  name: string,
  instead: ModelRef,
  options: ModelOptions,
  surroundings: ModelSurroundings,
  retry: RetryOptions = {},
): Promise<Connection> {
  const named = namedModel(name, instead.provider);
  const { settings: _, ...around } = surroundings;
  // A provider that is none is refused by name where it is chosen.
  return connectOne({ ...othersOptions(options), provider: named.provider, model: named.id }, around, retry);
}

/** The session's model from now on, named like another one: with its script and its stand-ins, where it has some. */
export async function connectInstead(
  name: string,
  instead: ModelRef,
  options: ModelOptions,
  surroundings: ModelSurroundings,
): Promise<Connection> {
  const named = namedModel(name, instead.provider);
  const { fallbackModels, stubScript } = options;
  if (options.connection !== undefined && !isProvider(named.provider))
    throw new FaultError(givenModel(named));
  const standIns = fallbackModels === undefined ? {} : { fallbackModels };
  const scripted = named.provider === "stub" && stubScript !== undefined ? { stubScript } : {};
  const others = { ...othersOptions(options), ...standIns, ...scripted };
  return connectModel({ ...others, provider: named.provider, model: named.id }, surroundings);
}

/** What holds for another model than the one that the options are about. */
function othersOptions(options: ModelOptions): ModelOptions {
  const { connection: _, fallbackModels: __, stubScript: ___, price: ____, ...same } = options;
  return same;
}

function isProvider(name: string): boolean {
  return providerNames.some((known) => known === name);
}

/** Nobody here knows how to make another model of a kind that came ready. */
function givenModel({ provider, id }: ModelRef): Fault {
  return {
    code: "no-model",
    message: `${id} cannot be connected: the model of ${provider} was given as it is.`,
    hint: "Name a model of another provider, such as openai:gpt-5, or start with that one.",
  };
}

/** `provider:model`, or a model of the same provider: names of models may hold colons too. */
export function namedModel(name: string, provider: string): ModelRef {
  const colon = name.indexOf(":");
  const prefix = name.slice(0, Math.max(0, colon));
  return isProvider(prefix) ? { provider: prefix, id: name.slice(colon + 1) } : { provider, id: name };
}

async function connectOne(
  options: ModelOptions,
  surroundings: ModelSurroundings,
  retry: RetryOptions,
): Promise<Connection> {
  const { env, settings, home } = surroundings;
  const provider = options.provider ?? settings?.get(providerSection);
  const chosen = chooseProvider({
    env: withModel(env, settings?.get(modelSection)),
    ...(provider === undefined ? {} : { provider }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.ollamaUrl === undefined ? {} : { ollamaUrl: options.ollamaUrl }),
  });
  if (isFault(chosen)) throw new FaultError(chosen);
  const choice = await locate(chosen, surroundings.cwd);
  const script = stubScript(options.stubScript);
  const connected = await connectProvider(choice, {
    transport: options.transport ?? nodeTransport({ env }),
    signal: new AbortController().signal,
    newCallId: randomCallId,
    retry,
    loadLlamacpp: async () => (await import("./load-llamacpp.ts")).loadLlamacpp(env),
    ...(script === undefined ? {} : { stubScript: script }),
    ...(options.price === undefined ? {} : { price: options.price }),
  });
  if (isFault(connected)) throw new FaultError(connected);
  if (home === undefined || options.textCalls === false) return connected;
  if (choice.provider === "anthropic" || choice.provider === "stub") return connected;
  const { withProfile } = await import("./with-profile.ts");
  return withProfile(connected, home);
}

/** A model that is a file is looked for from the working directory, and looked at before anything is loaded. */
async function locate(choice: ProviderChoice, cwd: string): Promise<ProviderChoice> {
  if (choice.provider !== "llamacpp") return choice;
  const file = resolve(cwd, choice.model);
  const { checkGguf } = await import("./check-gguf.ts");
  await checkGguf(file);
  return { ...choice, model: file };
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
