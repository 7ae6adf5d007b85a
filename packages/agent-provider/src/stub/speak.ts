import type { AssistantMessage, JsonObject, ModelDelta, ModelFault, ModelRef, Usage } from "@claw/agent-core";
import { type Clock, sleep, systemClock } from "../clock.ts";
import { newCallId } from "../new-call-id.ts";
import { createReply, type Ending, type StopReason } from "../reply.ts";

/** Settings of both stubs. */
export interface StubSettings {
  /** Default `{ provider: "stub", id: "stub" }`. */
  readonly model?: ModelRef;
  readonly clock?: Clock;
  readonly newCallId?: () => string;
}

/** What a stub is about to say. */
export interface Speech {
  readonly delayMs?: number;
  readonly reasoning?: readonly string[];
  readonly text?: readonly string[];
  readonly calls?: readonly { readonly name: string; readonly input: string | JsonObject }[];
  readonly stop?: StopReason;
  readonly usage?: Usage;
  readonly error?: ModelFault;
}

/** Streams a speech as a model would: delta by delta, and no further once the signal fires. */
export async function* speak(
  speech: Speech,
  settings: StubSettings,
  signal: AbortSignal,
): AsyncGenerator<ModelDelta, AssistantMessage> {
  const reply = createReply(settings.model ?? stubRef, settings.newCallId ?? newCallId);
  reply.usage({ input: 0, output: 0, cost: 0, ...speech.usage });
  const rested = await sleep(settings.clock ?? systemClock, speech.delayMs ?? 0, signal);
  if (!rested) return reply.message({ type: "aborted" });
  for (const say of utterances(speech)) {
    say(reply);
    for (const delta of reply.take()) {
      yield delta;
      if (signal.aborted) return reply.message({ type: "aborted" });
    }
  }
  reply.stop(speech.stop ?? "end");
  const ending: Ending =
    speech.error === undefined ? { type: "whole" } : { type: "failed", fault: speech.error };
  return reply.message(ending);
}

export const stubRef: ModelRef = { provider: "stub", id: "stub" };

type Utterance = (reply: ReturnType<typeof createReply>) => void;

function* utterances(speech: Speech): Generator<Utterance, void> {
  for (const delta of speech.reasoning ?? []) yield (reply) => reply.reasoning("reasoning", delta);
  for (const delta of speech.text ?? []) yield (reply) => reply.text("text", delta);
  for (const [index, { name, input }] of (speech.calls ?? []).entries()) {
    yield (reply) => reply.call(index, name);
    yield (reply) => reply.input(index, typeof input === "string" ? input : JSON.stringify(input));
  }
}

/** Cuts a text into about `count` pieces, between code points; into pieces of a few words by default. */
export function pieces(text: string, count?: number): readonly string[] {
  if (count === undefined) return text.match(/(?:\S+\s*|\s+){1,3}/g) ?? [];
  const points = Array.from(text);
  const size = Math.max(1, Math.ceil(points.length / count));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points.slice(index * size, (index + 1) * size).join(""),
  );
}
