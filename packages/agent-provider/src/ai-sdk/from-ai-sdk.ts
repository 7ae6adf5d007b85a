import {
  type AssistantMessage,
  FaultError,
  type JsonObject,
  type Model,
  type ModelDelta,
  type ModelRef,
  type ModelRequest,
  type Usage,
} from "@claw/agent-core";
import { aborted, failed } from "../answer-context.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Answer } from "../fault-reporter.ts";
import { newCallId } from "../new-call-id.ts";
import { ownNames } from "../own-names.ts";
import { createReply, type Ending, type Reply } from "../reply.ts";
import { tellKept } from "../tell-kept.ts";
import { vendorToolName } from "../vendor-names.ts";
import { vendorSchema } from "../vendor-schema.ts";
import { createWatch, type Timeouts, type Waited, type Watch } from "../watch.ts";
import type { NamedModel } from "../with-fallback.ts";
import { type AiSdkFaults, createAiSdkFaults, textHeaders } from "./ai-sdk-fault.ts";
import {
  type AiSdkCall,
  type AiSdkModel,
  type AiSdkReader,
  type AiSdkVersion,
  aiSdkVersion,
} from "./ai-sdk-model.ts";
import { aiSdkPrompt } from "./ai-sdk-prompt.ts";
import { plainObject } from "./plain-object.ts";
import { readAiSdkParts } from "./read-ai-sdk-parts.ts";

export interface AiSdkOptions {
  /** Passed on with each request, such as `{ google: { thinkingConfig: { … } } }`. */
  readonly providerOptions?: JsonObject;
  readonly timeouts?: Timeouts;
  /** Characters of a reply that are held in memory. Default 64 Mi. */
  readonly maxReply?: number;
  /** What tokens cost, in micro-dollars; `undefined` when it is not known. */
  readonly cost?: (usage: Usage) => number | undefined;
  readonly clock?: Clock;
  /** A fresh id for a tool call, unique in the session. Random by default. */
  readonly newCallId?: () => string;
}

/**
 * Any language model of the AI SDK (specification v2, v3, v4) as a `Model`. Each request is sent once: wrap it with
 * `withRetry`, since these models do not retry by themselves. Warnings are ignored; a stream that ends without a reason
 * is `interrupted`; tools that the provider runs by itself are not shown. v2 and v3 know no common setting for
 * reasoning: asking for it is a `bad-request` there, and `providerOptions` the way.
 *
 * @throws FaultError `unsupported-model` for another specification
 */
export function fromAiSdk(model: AiSdkModel, options: AiSdkOptions = {}): NamedModel {
  const version = aiSdkVersion(model.specificationVersion);
  if (version === undefined) {
    throw new FaultError({
      code: "unsupported-model",
      message: `The model ${model.modelId} has the specification ${model.specificationVersion}; v2, v3 and v4 can be read.`,
      hint: "Use another version of the provider package.",
    });
  }
  const ref: ModelRef = { provider: `ai-sdk/${model.provider}`, id: model.modelId };
  const setup: Setup = {
    model,
    version,
    ref,
    options,
    clock: options.clock ?? systemClock,
    faults: createAiSdkFaults(ref.provider, `${model.provider} (AI SDK)`),
  };
  const callable: Model = (request, signal) => converse(setup, request, signal);
  return { model: callable, ref };
}

interface Setup {
  readonly model: AiSdkModel;
  readonly version: AiSdkVersion;
  readonly ref: ModelRef;
  readonly options: AiSdkOptions;
  readonly clock: Clock;
  readonly faults: AiSdkFaults;
}

async function* converse(
  setup: Setup,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const { options, faults, clock, ref } = setup;
  const reply = createReply(ref, options.newCallId ?? newCallId, ownNames(request.tools));
  const finish = (ending: Ending): AssistantMessage => priced(tellKept(reply.message(ending)), options.cost);
  if (signal.aborted) return finish(aborted);
  if (request.reasoning !== undefined && setup.version !== "v4") {
    return finish(failed(faults.report.unsupported(noReasoning)));
  }
  const watch = createWatch(signal, clock, options.timeouts ?? {});
  let reader: AiSdkReader | undefined;
  try {
    const sent = send(setup, request, watch);
    const waited = await watch.wait(sent);
    if (waited.type !== "value") {
      // An answer that comes too late is nobody's: let go of it.
      sent.then((late) => letGo(late.reader)).catch(() => undefined);
      return finish(unanswered(setup, waited));
    }
    reader = waited.value.reader;
    return finish(yield* readParts(setup, { ...waited.value, reply, watch }));
  } finally {
    watch.stop();
    watch.end();
    if (reader !== undefined) letGo(reader);
  }
}

/** Never waits and never throws: a stream that already failed rejects, and nobody is left who could care. */
function letGo(reader: AiSdkReader): void {
  new Promise((resolve) => {
    resolve(reader.cancel());
  }).catch(() => undefined);
}

const noReasoning =
  "models of this specification have no common setting for reasoning. Set the provider's own in `providerOptions`.";

function priced(message: AssistantMessage, cost: AiSdkOptions["cost"]): AssistantMessage {
  const amount = cost?.(message.usage);
  return amount === undefined ? message : { ...message, usage: { ...message.usage, cost: amount } };
}

/** A model that throws is one that rejects. */
async function send(setup: Setup, request: ModelRequest, watch: Watch): Promise<Sent> {
  const { stream, response } = await setup.model.doStream(callOf(setup, request, watch.signal));
  return { reader: stream.getReader(), response: { status: 200, headers: textHeaders(response?.headers) } };
}

interface Sent {
  readonly reader: AiSdkReader;
  readonly response: Answer;
}

function callOf(setup: Setup, request: ModelRequest, abortSignal: AbortSignal): AiSdkCall {
  const { ref, version, options } = setup;
  const { tools, maxOutputTokens, output, reasoning } = request;
  return {
    prompt: aiSdkPrompt(request, ref, version),
    abortSignal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: "function",
            name: vendorToolName(name),
            description,
            inputSchema: vendorSchema(inputSchema),
          })),
        }),
    ...(output === undefined ? {} : { responseFormat: { type: "json", ...output } }),
    ...(reasoning === undefined ? {} : { reasoning: reasoning.effort }),
    ...(options.providerOptions === undefined ? {} : { providerOptions: options.providerOptions }),
  };
}

interface Open extends Sent {
  readonly reply: Reply;
  readonly watch: Watch;
}

async function* readParts(setup: Setup, open: Open): AsyncGenerator<ModelDelta, Ending> {
  const { version, model, faults, clock, options } = setup;
  const { maxReply = 64 * 2 ** 20 } = options;
  const { reader, reply, watch, response } = open;
  const parts = readAiSdkParts(reply, version, model.provider);
  let left = maxReply;
  for (;;) {
    const read = await watch.wait(next(reader));
    if (read.type !== "value") return brokenOff(setup, open, read);
    if (read.value.done) return endOf(setup, open);
    // An error is no JSON: of its part, only the type can be looked at.
    const part = plainObject(read.value.value);
    if (part?.["type"] === "error") {
      return failed(faults.stream(errorIn(read.value.value), response, clock.now()));
    }
    const before = reply.changes();
    if (part !== undefined) parts.part(part);
    if (reply.changes() !== before) watch.progress();
    for (const delta of reply.take()) {
      if ("delta" in delta) left -= delta.delta.length;
      yield delta;
    }
    if (reply.isClosed() || reply.error() !== undefined) return endOf(setup, open);
    if (left < 0) return failed(faults.report.badResponse(response, `more than ${maxReply} characters.`));
  }
}

/** A reader that throws is one that rejects. */
async function next(reader: AiSdkReader): ReturnType<AiSdkReader["read"]> {
  return await reader.read();
}

function errorIn(part: unknown): unknown {
  return typeof part === "object" && part !== null && "error" in part ? part.error : undefined;
}

function endOf(setup: Setup, open: Open): Ending {
  const { faults } = setup;
  const { reply, watch, response } = open;
  const error = reply.error();
  if (error !== undefined) return failed(faults.report.vendor(error, response));
  // Some providers end their stream silently when they are stopped.
  if (!reply.isWhole()) {
    return watch.signal.aborted ? aborted : failed(faults.report.interrupted(response));
  }
  return wholeOf(setup, open);
}

/** The provider finished its reply; one that says nothing at all is a failure all the same. */
function wholeOf({ faults }: Setup, { reply, response }: Open): Ending {
  return reply.isEmpty() ? failed(faults.report.emptyReply(response)) : { type: "whole" };
}

function unanswered({ faults, clock }: Setup, waited: Exclude<Waited<unknown>, { type: "value" }>): Ending {
  if (waited.type === "aborted") return aborted;
  if (waited.type === "timed-out") return failed(faults.report.timeout(waited, false));
  return failed(faults.request(waited.error, clock.now()));
}

function brokenOff(setup: Setup, open: Open, read: Exclude<Waited<unknown>, { type: "value" }>): Ending {
  const { faults, clock } = setup;
  const { reply, response } = open;
  if (read.type === "aborted") return aborted;
  if (reply.isWhole()) return wholeOf(setup, open);
  if (read.type === "timed-out") return failed(faults.report.timeout(read, true));
  return failed(faults.stream(read.error, response, clock.now()));
}
