import type { JsonObject, Model, ModelFault, ModelRef, ModelRequest, Usage } from "@claw/agent-core";
import { createModel } from "../create-model.ts";
import { isFault } from "../is-fault.ts";
import { numberField, objectField } from "../json-fields.ts";
import { costOf, type KnownModel, knownModel, type Price } from "../known-models.ts";
import type { LlamacppModule } from "../local-models/llamacpp/llamacpp-module.ts";
import type { Protocol } from "../protocol.ts";
import type { StubScript } from "../stub/stub-script.ts";
import { toJson } from "../to-json.ts";
import type { Timeouts } from "../watch.ts";
import { type RetryOptions, withRetry } from "../with-retry.ts";
import { anthropicOptions } from "./anthropic-options.ts";
import { listModels } from "./list-models.ts";
import { openaiDialect } from "./openai-dialect.ts";
import type {
  LlamacppChoice,
  ProviderChoice,
  ProviderFault,
  RemoteChoice,
  StubChoice,
} from "./provider-choice.ts";
import { type Asking, isModelFault, requestJson } from "./request-json.ts";
import { vendorEndpoint } from "./vendor-endpoint.ts";

export interface ConnectOptions extends Asking {
  readonly retry?: RetryOptions;
  readonly timeouts?: Timeouts;
  /** What the stub says; without it, the stub is a small planner. */
  readonly stubScript?: StubScript;
  readonly newCallId?: () => string;
  /** Loads the optional package `node-llama-cpp`. Absent: there is none. */
  readonly loadLlamacpp?: () => Promise<LlamacppModule>;
  /**
   * What the model costs where it is reached, which nobody here can know of an address that is not the vendor's own.
   * Default: the price in the table of known models, at the vendor's own address only.
   */
  readonly price?: Price;
}

/** A model that is ready to be called. */
export interface Connected {
  readonly ref: ModelRef;
  /** Sends failed requests again, as `withRetry` does. */
  readonly model: Model;
  /** Tokens that a prompt can have, when that is known. */
  readonly contextWindow?: number;
  /** Tokens that a reply can have, when that is known. */
  readonly maxOutputTokens?: number;
  /** Asks the vendor how many tokens a prompt has; only where it has a service for that. */
  readonly countTokens?: (request: ModelRequest, signal: AbortSignal) => Promise<number | ModelFault>;
  /** Looks for a `contextWindow` that is not known: one request to a server that may list it. */
  readonly findContextWindow?: (signal: AbortSignal) => Promise<number | undefined>;
  /** Lets go of what the model holds in this process. */
  readonly dispose?: () => Promise<void>;
}

/** Settles which model a choice means, and makes it callable. Of the protocols only the one that is spoken is loaded. */
export async function connectProvider(
  choice: ProviderChoice,
  options: ConnectOptions,
): Promise<Connected | ProviderFault> {
  switch (choice.provider) {
    case "stub":
      return await connectStub(choice, options);
    case "llamacpp":
      return await connectLlamacpp(choice, options);
    case "anthropic":
      return await connectAnthropic(choice, choice.model ?? "", options);
    case "ollama":
      return await connectOllama(choice, choice.model ?? "", options);
    case "openai":
    case "openai-responses":
      return await connectOpenai(choice, options);
  }
}

async function connectStub(choice: StubChoice, options: ConnectOptions): Promise<Connected> {
  const ref: ModelRef = { provider: "stub", id: choice.model };
  const settings = {
    model: ref,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.newCallId === undefined ? {} : { newCallId: options.newCallId }),
  };
  const { stubScript } = options;
  const model =
    stubScript === undefined
      ? (await import("../stub/planner-model.ts")).plannerModel(settings)
      : (await import("../stub/stub-model.ts")).stubModel(stubScript, settings);
  // It reads nothing, so it has no window that could be full.
  return { ref, model: retried(model, options) };
}

/** The package is looked for at once, so that its absence is told before anything begins; the file is read later. */
async function connectLlamacpp(
  { model: modelPath }: LlamacppChoice,
  { loadLlamacpp, newCallId }: ConnectOptions,
): Promise<Connected | ProviderFault> {
  const { llamacppModel } = await import("../local-models/llamacpp/llamacpp-model.ts");
  const { notInstalled, notLoaded } = await import("../local-models/llamacpp/llamacpp-fault.ts");
  if (loadLlamacpp === undefined) return notInstalled();
  try {
    const module = await loadLlamacpp();
    const ref: ModelRef = { provider: "llamacpp", id: modelPath.split(/[\\/]/).at(-1) ?? modelPath };
    const model = llamacppModel({
      load: async () => module,
      modelPath,
      model: ref,
      ...(newCallId === undefined ? {} : { newCallId }),
    });
    return { ref, model, dispose: async () => await model[Symbol.asyncDispose]() };
  } catch (thrown) {
    return notLoaded(thrown);
  }
}

async function connectAnthropic(
  choice: RemoteChoice,
  id: string,
  options: ConnectOptions,
): Promise<Connected> {
  const { anthropicMessages } = await import("../protocols/anthropic-messages.ts");
  const protocol = anthropicMessages(anthropicOptions(id));
  return {
    ...connected(choice, protocol, knownModel("anthropic", id), options),
    countTokens: async (request, signal) => {
      const { countTokens } = await import("./count-tokens.ts");
      return (await countTokens({ ...choice, model: id }, request, { ...options, signal })) ?? notCounted;
    },
  };
}

const notCounted: ModelFault = {
  code: "bad-response",
  message: "The count of tokens holds no number.",
  retryable: false,
};

async function connectOpenai(
  choice: RemoteChoice,
  options: ConnectOptions,
): Promise<Connected | ProviderFault> {
  const id = choice.model ?? (await onlyModel(choice, options));
  if (typeof id !== "string") return id;
  const ref: ModelRef = { provider: choice.provider, id };
  const { official } = choice;
  const protocol =
    choice.provider === "openai-responses"
      ? (await import("../protocols/openai-responses.ts")).openaiResponses({ model: ref, cacheKey: official })
      : (await import("../protocols/openai-chat.ts")).openaiChat({
          model: ref,
          cacheKey: official,
          maxTokensField: official ? "max_completion_tokens" : "max_tokens",
          ...openaiDialect(choice.url, id),
        });
  const known = official ? knownModel("openai", id) : undefined;
  const ready = connected(choice, protocol, known, options);
  if (official || ready.contextWindow !== undefined) return ready;
  return {
    ...ready,
    findContextWindow: async (signal) => {
      const models = await listModels(choice, { ...options, signal });
      return isFault(models) ? undefined : models.find((listed) => listed.id === id)?.contextWindow;
    },
  };
}

/** The model of a server that has just one. */
async function onlyModel(choice: RemoteChoice, options: ConnectOptions): Promise<string | ProviderFault> {
  const models = await listModels(choice, options);
  if (options.signal.aborted) return cancelled;
  if (isFault(models)) return models;
  const [only, second] = models;
  if (only !== undefined && second === undefined) return only.id;
  const ids = models.slice(0, 40).map(({ id }) => id);
  const shown = ids.join(", ") + (models.length > 40 ? ", …" : "");
  return {
    code: "no-model",
    message:
      only === undefined
        ? "No model was chosen, and the server lists none."
        : `No model was chosen. The server has: ${shown}.`,
    hint: "Choose one with --model or OPENAI_MODEL.",
  };
}

async function connectOllama(
  choice: RemoteChoice,
  id: string,
  options: ConnectOptions,
): Promise<Connected | ProviderFault> {
  const details = await requestJson(choice, { path: "/api/show", body: [toJson({ model: id })] }, options);
  if (options.signal.aborted) return cancelled;
  if (isModelFault(details)) {
    if (details.code === "network") return choice.chosenBy === "default" ? noProvider(details) : details;
    // Any other failure is not final: old versions and proxies have no such page, and the chat may work.
    if (details.code === "unknown-model") return details;
  }
  const { ollamaChat } = await import("../protocols/ollama-chat.ts");
  const ref: ModelRef = { provider: "ollama", id };
  const limit = isModelFault(details) ? undefined : contextLength(objectField(details, "model_info"));
  const contextTokens = Math.min(choice.contextTokens ?? 32_768, limit ?? Number.POSITIVE_INFINITY);
  const known: KnownModel = { contextWindow: contextTokens, price: free };
  return connected(choice, ollamaChat({ model: ref, contextTokens }), known, options);
}

/** The key begins with the architecture's name: `qwen3.context_length`. */
function contextLength(info: JsonObject | undefined): number | undefined {
  const key = Object.keys(info ?? {}).find((name) => name.endsWith(".context_length"));
  return key === undefined ? undefined : numberField(info, key);
}

const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } as const;

function connected(
  choice: RemoteChoice,
  protocol: Protocol,
  known: KnownModel | undefined,
  options: ConnectOptions,
): Connected {
  const price = options.price ?? (choice.official ? known?.price : undefined);
  const model = createModel({
    protocol,
    endpoint: vendorEndpoint(choice),
    auth: choice.auth,
    transport: options.transport,
    cost: (usage: Usage) => costOf(price, usage),
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.newCallId === undefined ? {} : { newCallId: options.newCallId }),
  });
  return {
    ref: protocol.model,
    model: retried(model, options),
    ...(known?.contextWindow === undefined ? {} : { contextWindow: known.contextWindow }),
    ...(known?.maxOutputTokens === undefined ? {} : { maxOutputTokens: known.maxOutputTokens }),
  };
}

function retried(model: Model, { clock, retry }: ConnectOptions): Model {
  return withRetry(model, clock === undefined ? { ...retry } : { clock, ...retry });
}

const cancelled: ProviderFault = { code: "cancelled", message: "Connecting was cancelled." };

function noProvider(fault: ProviderFault): ProviderFault {
  return {
    code: "no-provider",
    message: `There is no model to talk to: ANTHROPIC_API_KEY is not set, and ${fault.message}`,
    hint:
      "Three ways on: start Ollama and pull a model (`ollama serve`, `ollama pull qwen3.5:9b`); " +
      "or set ANTHROPIC_API_KEY; or try it without a model with `--provider stub`.",
  };
}
