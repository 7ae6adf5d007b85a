import { toolCallId } from "../ids.ts";
import type { JsonValue } from "../json.ts";
import type { AssistantMessage, AssistantPart, ModelRef } from "../message.ts";
import type { ModelFault } from "../model-fault.ts";
import type { Model, ModelDelta, ModelRequest } from "../ports/model.ts";
import type { Stop } from "../stop.ts";
import type { Usage } from "../usage.ts";

/** What a scripted model says for one request. */
export interface ScriptedReply {
  readonly reasoning?: string;
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Default: `tool-calls` with calls, else `end`. */
  readonly stop?: "end" | "tool-calls" | "length" | "refusal";
  readonly usage?: Usage;
  /** Ends the reply with this fault, after what it says. */
  readonly fault?: ModelFault;
  /** Breaks the contract after what it says: `throw` throws, `hang` never ends and ignores its signal. */
  readonly misbehave?: "throw" | "hang";
  /** Awaited before the first delta; listens to nothing else. */
  readonly gate?: Promise<void>;
}

export interface ScriptedCall {
  readonly name: string;
  readonly input?: JsonValue;
  /** Default: `call-N`, counted over the whole script. */
  readonly id?: string;
  /** Why the arguments are not JSON; `input` is then their raw text. */
  readonly malformed?: string;
}

/** A model for tests: it says what its script says, and keeps what it was asked. */
export interface ScriptedModel {
  readonly model: Model;
  readonly ref: ModelRef;
  /** A copy of each request, in order. */
  readonly requests: readonly ModelRequest[];
}

export type Script = readonly ScriptedReply[] | ((request: ModelRequest, index: number) => ScriptedReply);

const scriptedRef: ModelRef = { provider: "scripted", id: "scripted" };

/** An unexpected request (a script that is too short) fails loudly: the reply is a fault that says so. */
export function scriptedModel(script: Script, ref: ModelRef = scriptedRef): ScriptedModel {
  const requests: ModelRequest[] = [];
  let calls = 0;

  async function* model(
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelDelta, AssistantMessage> {
    const index = requests.length;
    requests.push({ ...request, messages: [...request.messages] });
    const reply = typeof script === "function" ? script(request, index) : script[index];
    if (!reply) return message(ref, [], { reason: "error", error: unexpected(index) }, {});
    await reply.gate;
    const content = contentOf(reply, () => `call-${++calls}`);
    for (const [place, part] of content.entries()) {
      if (signal.aborted) return message(ref, content.slice(0, place), { reason: "aborted" }, {});
      yield* deltasOf(part, place);
    }
    if (reply.misbehave === "throw") throw new Error("the scripted model throws");
    if (reply.misbehave === "hang") await new Promise<never>(() => undefined);
    return message(ref, content, stopOf(reply), reply.usage ?? {});
  }

  return { model, ref, requests };
}

function contentOf(reply: ScriptedReply, nextId: () => string): AssistantPart[] {
  const content: AssistantPart[] = [];
  if (reply.reasoning !== undefined) content.push({ type: "reasoning", text: reply.reasoning });
  if (reply.text !== undefined) content.push({ type: "text", text: reply.text });
  for (const call of reply.calls ?? []) {
    content.push({
      type: "tool-call",
      id: toolCallId(call.id ?? nextId()),
      name: call.name,
      input: call.input ?? {},
      ...(call.malformed === undefined ? {} : { malformed: call.malformed }),
    });
  }
  return content;
}

function* deltasOf(part: AssistantPart, index: number): Generator<ModelDelta> {
  switch (part.type) {
    case "text":
      yield { type: "text-delta", index, delta: part.text };
      return;
    case "reasoning":
      yield { type: "reasoning-delta", index, delta: part.text };
      return;
    case "tool-call":
      yield { type: "tool-call-start", index, id: part.id, name: part.name };
      yield { type: "tool-input-delta", index, delta: JSON.stringify(part.input) };
      return;
  }
}

function stopOf(reply: ScriptedReply): Stop {
  if (reply.fault) return { reason: "error", error: reply.fault };
  return { reason: reply.stop ?? (reply.calls?.length ? "tool-calls" : "end") };
}

function message(
  ref: ModelRef,
  content: readonly AssistantPart[],
  stop: Stop,
  usage: Usage,
): AssistantMessage {
  return { role: "assistant", model: ref, content, stop, usage };
}

function unexpected(index: number): ModelFault {
  return {
    code: "model-broken",
    message: `The script has no reply for request ${index + 1}.`,
    retryable: false,
  };
}
