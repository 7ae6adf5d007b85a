import { boundReply } from "./bound-reply.ts";
import type { ContentDelta } from "./event.ts";
import { maxEventBytes } from "./event-size.ts";
import { thrownText } from "./fault.ts";
import type { AssistantMessage, AssistantPart, ModelRef } from "./message.ts";
import { messageShape } from "./message-shape.ts";
import type { ModelFault } from "./model-fault.ts";
import { plainJson } from "./plain-json.ts";
import type { Model, ModelDelta, ModelRequest } from "./ports/model.ts";
import type { Steps } from "./ports/steps.ts";
import { readDelta } from "./read-delta.ts";
import type { Recorder } from "./recorder.ts";
import type { Stop } from "./stop.ts";
import { aborted, untilAborted } from "./until-aborted.ts";

export interface ModelCallOptions {
  readonly model: Model;
  readonly ref: ModelRef;
  readonly steps: Steps;
  readonly recorder: Recorder;
}

/**
 * One model call: streams its deltas as events and gives the whole reply. A model that throws, hangs on abort or
 * returns no message gives a reply too, with what it had said by then.
 */
export function callModel(
  key: string,
  request: ModelRequest,
  options: ModelCallOptions,
  signal: AbortSignal,
): Promise<AssistantMessage> {
  const { steps, ref } = options;
  const said = new Map<number, AssistantPart>();
  let characters = 0;
  let listening = true;

  async function stream(stepSignal: AbortSignal): Promise<AssistantMessage> {
    const deltas = options.model(request, stepSignal);
    if (typeof deltas?.next !== "function") throw new Error(notAGenerator);
    try {
      while (listening) {
        const step = await deltas.next();
        if (step.done) return step.value;
        if (listening) take(step.value);
      }
      return partial({ reason: "aborted" });
    } finally {
      leave(deltas);
    }
  }

  function take(value: ModelDelta): void {
    const delta = readDelta(value);
    if (delta === undefined) throw new Error("it yielded something that is no delta");
    if (delta.type === "retry") {
      options.recorder.emit(delta);
    } else {
      if ("delta" in delta) characters += delta.delta.length;
      if (characters > maxEventBytes) throw new Error("it said more than any reply can hold.");
      keep(said, delta);
      options.recorder.emit({ type: "message-delta", delta });
    }
  }

  async function attempt(): Promise<AssistantMessage> {
    try {
      const reply = await untilAborted(
        steps.step(key, stream, { kind: "model", idempotent: true }, signal),
        signal,
      );
      if (reply === aborted) return partial({ reason: "aborted" });
      const plain = plainJson(reply);
      if (messageShape.isReply(plain)) return boundReply(plain);
      return partial({ reason: "error", error: broken(notAMessage) });
    } catch (error) {
      if (signal.aborted) return partial({ reason: "aborted" });
      return partial({ reason: "error", error: broken(thrownText(error)) });
    } finally {
      listening = false;
    }
  }

  /** What was said so far. Calls are left out: their arguments may be half of what was meant. */
  function partial(stop: Stop): AssistantMessage {
    const inOrder = [...said].sort(([left], [right]) => left - right);
    const content = inOrder.map(([, part]) => part);
    return boundReply({ role: "assistant", model: ref, content, stop, usage: {} });
  }

  return attempt();
}

/** By index in a map: an index is a number from outside, and no reason to make an array of that length. */
function keep(said: Map<number, AssistantPart>, delta: ContentDelta): void {
  if (delta.type !== "text-delta" && delta.type !== "reasoning-delta") return;
  const type = delta.type === "text-delta" ? "text" : "reasoning";
  const part = said.get(delta.index);
  const before = part?.type === type ? part.text : "";
  said.set(delta.index, { type, text: before + delta.delta });
}

/** Lets go of a stream that is over or left early. Not waited for: it may hang, or break on its way out. */
function leave(deltas: AsyncIterator<ModelDelta, AssistantMessage>): void {
  const ignore = (): void => undefined;
  try {
    Promise.resolve(deltas.return?.()).then(ignore, ignore);
  } catch {
    // It is no generator, and there is nothing to let go of.
  }
}

const notAGenerator = "it is no async generator. Write it as `async function*`, which returns the message";

const notAMessage =
  "what it returned is no assistant message: { role, model, content: [parts], stop: { reason }, usage }";

function broken(why: string): ModelFault {
  return { code: "model-broken", message: `The model function broke: ${why}`, retryable: false };
}
