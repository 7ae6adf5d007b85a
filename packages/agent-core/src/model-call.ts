import type { ContentDelta } from "./event.ts";
import { thrownText } from "./fault.ts";
import type { AssistantMessage, AssistantPart, ModelRef } from "./message.ts";
import type { ModelFault } from "./model-fault.ts";
import type { Model, ModelRequest } from "./ports/model.ts";
import type { Steps } from "./ports/steps.ts";
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
  const said: AssistantPart[] = [];
  let listening = true;

  async function stream(stepSignal: AbortSignal): Promise<AssistantMessage> {
    const deltas = options.model(request, stepSignal);
    for (;;) {
      const step = await deltas.next();
      if (step.done) return step.value;
      if (!listening) continue;
      const delta = step.value;
      if (delta.type === "retry") {
        options.recorder.emit({ ...delta });
      } else {
        keep(said, delta);
        options.recorder.emit({ type: "message-delta", delta });
      }
    }
  }

  async function attempt(): Promise<AssistantMessage> {
    try {
      const reply = await untilAborted(
        steps.step(key, stream, { kind: "model", idempotent: true }, signal),
        signal,
      );
      if (reply === aborted) return partial({ reason: "aborted" });
      return isReply(reply) ? reply : partial({ reason: "error", error: broken("it returned no message") });
    } catch (error) {
      if (signal.aborted) return partial({ reason: "aborted" });
      return partial({ reason: "error", error: broken(thrownText(error)) });
    } finally {
      listening = false;
    }
  }

  /** What was said so far. Calls are left out: their arguments may be half of what was meant. */
  function partial(stop: Stop): AssistantMessage {
    return { role: "assistant", model: ref, content: said.filter(Boolean), stop, usage: {} };
  }

  return attempt();
}

function keep(said: AssistantPart[], delta: ContentDelta): void {
  if (delta.type !== "text-delta" && delta.type !== "reasoning-delta") return;
  const type = delta.type === "text-delta" ? "text" : "reasoning";
  const part = said[delta.index];
  const before = part?.type === type ? part.text : "";
  said[delta.index] = { type, text: before + delta.delta };
}

/** The model is an injected function: what it returns is looked at before it is believed. */
function isReply(value: unknown): value is AssistantMessage {
  if (typeof value !== "object" || value === null) return false;
  const reply: Partial<Record<keyof AssistantMessage, unknown>> = value;
  const { stop, usage } = reply;
  return (
    reply.role === "assistant" &&
    Array.isArray(reply.content) &&
    typeof stop === "object" &&
    stop !== null &&
    "reason" in stop &&
    typeof usage === "object" &&
    usage !== null
  );
}

function broken(why: string): ModelFault {
  return { code: "model-broken", message: `The model function broke: ${why}`, retryable: false };
}
