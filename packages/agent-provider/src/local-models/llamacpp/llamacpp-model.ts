/// <reference lib="esnext.disposable" preserve="true" />
import {
  type AssistantMessage,
  aborted,
  isJsonObject,
  type JsonObject,
  linkedAbort,
  type Model,
  type ModelDelta,
  type ModelFault,
  type ModelRef,
  type ModelRequest,
  untilAborted,
} from "@claw/agent-core";
import { newCallId } from "../../new-call-id.ts";
import { createReply, type Ending, type Reply } from "../../reply.ts";
import { chatHistory } from "./chat-history.ts";
import { grammarSchema } from "./grammar-schema.ts";
import { broke, notLoaded, notReady, tooLong } from "./llamacpp-fault.ts";
import type {
  LlamacppChat,
  LlamacppContext,
  LlamacppEngine,
  LlamacppFunctions,
  LlamacppModule,
  LlamacppResponse,
  LlamacppSequence,
  LlamacppWeights,
} from "./llamacpp-module.ts";
import { withoutAbsent } from "./without-absent.ts";

export interface LlamacppOptions {
  /** Loads the optional package: `() => import("node-llama-cpp")`. Called at the first request. */
  readonly load: () => Promise<LlamacppModule>;
  /** A GGUF file. */
  readonly modelPath: string;
  /** Default: provider `llamacpp` and the file's name. */
  readonly model?: ModelRef;
  /** Tokens of context, at most. Default: what the model has and the memory allows. */
  readonly contextTokens?: number;
  /** Default: one less than there are cores; on a busy machine, more threads than free cores are much slower. */
  readonly threads?: number;
  /** Default 0: always the likeliest token. */
  readonly temperature?: number;
  readonly seed?: number;
  readonly newCallId?: () => string;
}

/**
 * A model that runs in this process by `node-llama-cpp`. Its tool calls are written under a grammar made from their
 * schemas, so they are well formed however small the model is. The file is loaded at the first request and stays until
 * the model is disposed of; requests take turns. Like every model, it does not throw: a package that is not installed or
 * a file that is none is a fault in the reply.
 */
export function llamacppModel(options: LlamacppOptions): Model & AsyncDisposable {
  let loading: Promise<Loaded | ModelFault> | undefined;
  const ref = options.model ?? {
    provider: "llamacpp",
    id: options.modelPath.split(/[\\/]/).at(-1) ?? "model",
  };

  const ready = async (): Promise<Loaded | ModelFault> => {
    loading ??= loadModel(options);
    const loaded = await loading;
    // What was missing may be there next time.
    if ("code" in loaded) loading = undefined;
    return loaded;
  };

  const model: Model = (request, signal) => converse({ options, ref, ready }, request, signal);
  return Object.assign(model, {
    [Symbol.asyncDispose]: async () => {
      const loaded = await loading;
      loading = undefined;
      if (loaded !== undefined && !("code" in loaded)) await loaded.engine.dispose();
    },
  });
}

interface Loaded {
  readonly engine: LlamacppEngine;
  readonly weights: LlamacppWeights;
  readonly context: LlamacppContext;
  readonly sequence: LlamacppSequence;
  readonly chat: LlamacppChat;
  /** Settles when the request before is done: the sequence is one, and so are its counts. */
  turn: Promise<unknown>;
}

interface Setup {
  readonly options: LlamacppOptions;
  readonly ref: ModelRef;
  readonly ready: () => Promise<Loaded | ModelFault>;
}

async function loadModel({
  load,
  modelPath,
  contextTokens,
  threads,
}: LlamacppOptions): Promise<Loaded | ModelFault> {
  let module: LlamacppModule;
  try {
    module = await load();
  } catch (thrown) {
    return notLoaded(thrown);
  }
  try {
    const engine = await module.getLlama({ build: "never", logger: () => undefined });
    const weights = await engine.loadModel({ modelPath });
    const useThreads = threads ?? spareCores();
    const context = await weights.createContext({
      ...(useThreads === undefined ? {} : { threads: useThreads }),
      ...(contextTokens === undefined ? {} : { contextSize: { max: contextTokens } }),
    });
    const sequence = context.getSequence();
    // The package's own sequence goes back to it, which no structural type can say.
    const chat = new module.LlamaChat({ contextSequence: sequence } as never);
    return { engine, weights, context, sequence, chat, turn: Promise.resolve() };
  } catch (thrown) {
    return notReady(thrown, modelPath);
  }
}

/** Node 20 does not say how many cores there are; the package decides then. */
function spareCores(): number | undefined {
  const cores = globalThis.navigator?.hardwareConcurrency;
  return cores === undefined ? undefined : Math.max(1, cores - 1);
}

async function* converse(
  setup: Setup,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const { options, ref } = setup;
  const reply = createReply(ref, options.newCallId ?? newCallId);
  if (signal.aborted) return reply.message({ type: "aborted" });
  const loaded = await untilAborted(setup.ready(), signal);
  if (loaded === aborted) return reply.message({ type: "aborted" });
  if ("code" in loaded) return reply.message({ type: "failed", fault: loaded });

  using own = linkedAbort(signal);
  let ending: Ending | undefined;
  let news = false;
  let wake = (): void => undefined;
  const tell = (): void => {
    news = true;
    wake();
  };
  loaded.turn = loaded.turn
    .then(() => generate(loaded, setup, request, reply, tell, own.signal))
    .then((end) => {
      ending = end;
      tell();
    });
  try {
    while (ending === undefined && !signal.aborted) {
      news = false;
      yield* reply.take();
      // Much may have been told while the reader was busy: only one who knows all of it may wait.
      if (news) continue;
      const told = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await untilAborted(told, signal);
    }
    yield* reply.take();
    return reply.message(ending ?? { type: "aborted" });
  } finally {
    // The caller may have left in the middle: generation is stopped then. After its end this does nothing.
    own.abort("The reply is not wanted any more.");
  }
}

/** Fills the reply; never rejects. */
async function generate(
  { chat, context, weights, sequence }: Loaded,
  { options, ref }: Setup,
  request: ModelRequest,
  reply: Reply,
  told: () => void,
  signal: AbortSignal,
): Promise<Ending> {
  if (signal.aborted) return { type: "aborted" };
  try {
    const history = chatHistory(request, ref);
    const functions = functionsOf(request);
    const available = functions === undefined ? {} : { availableFunctions: functions };
    const { contextText } = chat.chatWrapper.generateContextState({ chatHistory: history, ...available });
    // The tokenizer is the package's own, for its own text.
    const prompt = contextText.tokenize(weights.tokenizer as never).length;
    const room = context.contextSize - prompt - margin;
    // Past its end the package would drop the oldest messages without a word.
    if (room < minReply) return { type: "failed", fault: tooLong(prompt, context.contextSize) };
    const before = { ...counted(sequence) };
    const response = await chat.generateResponse(history, {
      signal,
      stopOnAbortSignal: true,
      maxTokens: Math.min(request.maxOutputTokens ?? room, room),
      ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(functions === undefined ? {} : { functions }),
      onResponseChunk: ({ type, text }) => {
        if (type === "segment") reply.reasoning("reasoning", text);
        else reply.text("text", text);
        told();
      },
    });
    const after = counted(sequence);
    const read = Math.max(0, after.input - before.input);
    reply.usage({
      input: prompt,
      output: after.output - before.output,
      cacheRead: Math.max(0, prompt - read),
      cost: 0,
    });
    return finish(response, request, reply, signal);
  } catch (thrown) {
    return signal.aborted ? { type: "aborted" } : { type: "failed", fault: broke(thrown) };
  }
}

/** Tokens kept free for what the template puts around a reply, and the least that a reply needs. */
const margin = 16;
const minReply = 16;

function counted({ tokenMeter }: LlamacppSequence): { readonly input: number; readonly output: number } {
  return { input: tokenMeter.usedInputTokens, output: tokenMeter.usedOutputTokens };
}

function functionsOf({ tools }: ModelRequest): LlamacppFunctions | undefined {
  if (tools.length === 0) return undefined;
  const functions = tools.map(({ name, description, inputSchema }) => {
    // In the subset that the package's own schema type describes.
    return [name, { description, params: grammarSchema(inputSchema) as never }] as const;
  });
  return Object.fromEntries(functions);
}

function finish(
  { functionCalls, metadata }: LlamacppResponse,
  { tools }: ModelRequest,
  reply: Reply,
  signal: AbortSignal,
): Ending {
  const { stopReason } = metadata;
  if (signal.aborted || stopReason === "abort") return { type: "aborted" };
  for (const [index, call] of (functionCalls ?? []).entries()) {
    const schema: JsonObject | undefined = tools.find(({ name }) => name === call.functionName)?.inputSchema;
    const input = withoutAbsent(call.params ?? {}, schema);
    reply.call(index, call.functionName);
    reply.input(index, JSON.stringify(isJsonObject(input) ? input : {}));
  }
  reply.stop(stopReason === "maxTokens" ? "length" : "end", stopReason);
  return { type: "whole" };
}
