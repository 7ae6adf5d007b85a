import type { JsonObject, JsonValue } from "@claw/agent-core";
import type { Draft, DraftCall } from "../draft.ts";
import { arrangeCalls } from "../draft.ts";
import type { Frame, FrameKind } from "../frame.ts";
import { looseObject } from "../loose-json.ts";
import type { ReplyContext } from "../wire.ts";

const created = 1_767_225_600;

/** The reply as the chunks of a chat completion stream. */
export function* chatFrames(draft: Draft, context: ReplyContext): Generator<Frame> {
  const wantsUsage = looseObject(context.body["stream_options"])["include_usage"] === true;
  const nothing = wantsUsage ? { usage: null } : {};
  const chunk = (kind: FrameKind, delta: JsonObject, finish: string | null = null): Frame => ({
    kind,
    data: {
      ...envelope(draft, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...nothing,
    },
  });
  yield chunk("start", { role: "assistant", content: "" });
  if (!draft.hideReasoning)
    for (const piece of draft.reasoningPieces) yield chunk("reasoning", { [context.chatReasoning]: piece });
  for (const piece of draft.textPieces) yield chunk("text", { content: piece });
  const calls = draft.calls.map((call, index) =>
    callDeltas(call, index).map((delta) => chunk(delta.kind, { tool_calls: [delta.call] })),
  );
  yield* arrangeCalls(draft, calls);
  yield chunk("stop", {}, finishReason(draft));
  if (wantsUsage && draft.usage !== undefined)
    yield {
      kind: "other",
      data: { ...envelope(draft, "chat.completion.chunk"), choices: [], usage: usage(draft.usage) },
    };
  yield { kind: "terminal", data: "[DONE]" };
}

/** The reply as the JSON of a chat completion. */
export function chatCompletion(draft: Draft, context: ReplyContext): JsonObject {
  const text = [...draft.textPieces].join("");
  const reasoning =
    draft.reasoning === "" || draft.hideReasoning ? {} : { [context.chatReasoning]: draft.reasoning };
  const calls = draft.calls.map((call) => ({
    ...idOf(call),
    type: "function",
    function: { name: call.name, arguments: call.json },
  }));
  const message = {
    role: "assistant",
    content: text === "" ? null : text,
    refusal: null,
    ...reasoning,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...envelope(draft, "chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(draft) }],
    ...(draft.usage === undefined ? {} : { usage: usage(draft.usage) }),
  };
}

interface CallDelta {
  readonly kind: FrameKind;
  readonly call: JsonObject;
}

/** The first piece names the call; for a call without arguments it says nothing of them. */
function callDeltas(call: DraftCall, index: number): readonly CallDelta[] {
  const empty: Readonly<Record<string, JsonValue>> = call.json === "" ? {} : { arguments: "" };
  const first = { index, ...idOf(call), type: "function", function: { name: call.name, ...empty } };
  return [
    { kind: "tool-start", call: first },
    ...call.pieces.map(
      (piece): CallDelta => ({ kind: "tool-json", call: { index, function: { arguments: piece } } }),
    ),
  ];
}

function idOf(call: DraftCall): JsonObject {
  return call.id === undefined ? {} : { id: call.id };
}

function envelope(draft: Draft, kind: string): JsonObject {
  return {
    id: `chatcmpl-${draft.id}`,
    object: kind,
    created,
    model: draft.model,
    system_fingerprint: "fp_mock",
  };
}

function finishReason(draft: Draft): string {
  const words = { end: "stop", "tool-calls": "tool_calls", length: "length", refusal: "content_filter" };
  return draft.rawStop ?? words[draft.stop];
}

function usage(whole: NonNullable<Draft["usage"]>): JsonObject {
  return {
    prompt_tokens: whole.input,
    completion_tokens: whole.output,
    total_tokens: whole.input + whole.output,
    prompt_tokens_details: { cached_tokens: whole.cacheRead, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}
