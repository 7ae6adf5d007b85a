import {
  type AssistantMessage,
  addUsage,
  type Message,
  type Model,
  plainText,
  type ToolCallPart,
  type ToolMessage,
  type ToolOutcome,
  text,
  thrownText,
  toolCalls,
  type Usage,
} from "@claw/agent-core";
import { type DialectName, dialectNames } from "../model-profile.ts";
import { recogniseToolCalls } from "../recognise-tool-calls.ts";
import { callFault, isExpected } from "./call-fault.ts";
import type { ConformanceCase, ConformanceCategory, ExpectedCall } from "./conformance-case.ts";
import { conformanceCases } from "./conformance-cases.ts";

export interface ConformanceOptions {
  /** Left out: all of them. */
  readonly cases?: readonly ConformanceCase[];
  readonly signal: AbortSignal;
}

/** How a model did in one case. */
export interface CaseResult {
  readonly id: string;
  readonly category: ConformanceCategory;
  readonly passed: boolean;
  /** Why not. */
  readonly why?: string;
  /** The forms in which its calls came. */
  readonly forms: readonly CallForm[];
  /** Whether the arguments of a call were no JSON. */
  readonly malformed: boolean;
  /** Requests that it took. */
  readonly requests: number;
  readonly usage: Usage;
}

export type CallForm = "native" | DialectName;

/**
 * Puts a model through the cases, one after the other, and gives each result as it is known. Calls in text count in
 * every dialect, so that the results tell which ones the model speaks. Ends early when the signal fires. A model that
 * fails or throws has not passed; nothing is asked twice.
 */
export async function* runConformance(
  model: Model,
  options: ConformanceOptions,
): AsyncGenerator<CaseResult, void> {
  const listening = recogniseToolCalls(model, { dialects: dialectNames, repairs: "reads" });
  for (const given of options.cases ?? conformanceCases()) {
    if (options.signal.aborted) return;
    const result = await runCase(listening, given, options.signal);
    if (options.signal.aborted) return;
    yield result;
  }
}

const system =
  "You are an assistant with tools. Call a tool when the task needs it, with arguments taken from the task alone. When no tool helps, answer in words. When you have the results that you need, answer in a short sentence that names what was asked for.";

async function runCase(model: Model, given: ConformanceCase, signal: AbortSignal): Promise<CaseResult> {
  const talk: Talk = { messages: [], forms: new Set(), malformed: false, requests: 0, usage: {} };
  talk.messages.push({ role: "user", origin: "human", content: [text(given.prompt)] });
  const why = await converse(model, given, talk, signal);
  return {
    id: given.id,
    category: given.category,
    passed: why === undefined,
    ...(why === undefined ? {} : { why }),
    forms: [...talk.forms],
    malformed: talk.malformed,
    requests: talk.requests,
    usage: talk.usage,
  };
}

interface Talk {
  readonly messages: Message[];
  readonly forms: Set<CallForm>;
  malformed: boolean;
  requests: number;
  usage: Usage;
}

/** Why the case is not passed; `undefined` when it is. */
async function converse(
  model: Model,
  given: ConformanceCase,
  talk: Talk,
  signal: AbortSignal,
): Promise<string | undefined> {
  const steps = given.steps.map(({ calls, together }) => ({ open: [...calls], together: together === true }));
  for (;;) {
    const reply = await ask(model, given, talk, signal);
    if (typeof reply === "string") return reply;
    const calls = toolCalls(reply);
    const step = steps.find(({ open }) => open.length > 0);
    if (calls.length === 0)
      return step === undefined ? wordsFault(reply, given) : `it did not call ${step.open[0]?.name}`;
    for (const call of calls) {
      const fault = callFault(call, given.tools);
      if (fault !== undefined) return fault;
      const index = step?.open.findIndex((expected) => isExpected(call, expected)) ?? -1;
      const [expected] = index === -1 ? [] : (step?.open.splice(index, 1) ?? []);
      if (expected === undefined)
        return `it should not have called ${call.name} with ${JSON.stringify(call.input).slice(0, 300)}`;
      talk.messages.push(answer(call, expected));
    }
    if (step?.together && step.open.length > 0) return "it did not make all calls in one reply";
  }
}

async function ask(
  model: Model,
  given: ConformanceCase,
  talk: Talk,
  signal: AbortSignal,
): Promise<AssistantMessage | string> {
  talk.requests += 1;
  let reply: AssistantMessage;
  try {
    reply = await lastOf(model, { system, messages: [...talk.messages], tools: given.tools }, signal);
  } catch (error) {
    return `the model broke: ${thrownText(error)}`;
  }
  talk.usage = addUsage(talk.usage, reply.usage);
  talk.messages.push(reply);
  for (const { recovered, malformed } of toolCalls(reply)) {
    const dialect =
      recovered?.from === "text" ? dialectNames.find((name) => name === recovered.dialect) : undefined;
    talk.forms.add(dialect ?? "native");
    talk.malformed ||= malformed !== undefined;
  }
  const { stop } = reply;
  if (stop.reason === "error") return `the model failed: ${stop.error.message}`;
  return stop.reason === "end" || stop.reason === "tool-calls" ? reply : `its reply ended by ${stop.reason}`;
}

async function lastOf(
  model: Model,
  request: Parameters<Model>[0],
  signal: AbortSignal,
): Promise<AssistantMessage> {
  const stream = model(request, signal);
  for (;;) {
    const step = await stream.next();
    if (step.done === true) return step.value;
  }
}

function answer(call: ToolCallPart, { answer: words, fails }: ExpectedCall): ToolMessage {
  const content = words === "" ? [] : [text(words)];
  const outcome: ToolOutcome = fails
    ? { status: "failed", content, error: { code: "tool-failed", message: words } }
    : { status: "ok", content };
  return { role: "tool", call: call.id, name: call.name, outcome };
}

function wordsFault(reply: AssistantMessage, { says }: ConformanceCase): string | undefined {
  const words = plainText(reply.content);
  if (words.trim() === "") return "it said nothing";
  const missing = says.find((word) => !words.toLowerCase().includes(word.toLowerCase()));
  return missing === undefined ? undefined : `its answer does not mention ${missing}`;
}
