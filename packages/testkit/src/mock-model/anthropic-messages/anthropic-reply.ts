import type { JsonObject } from "@claw/agent-core";
import type { Draft, DraftCall } from "../draft.ts";
import { arrangeCalls } from "../draft.ts";
import type { Frame, FrameKind } from "../frame.ts";
import type { Memory } from "../memory.ts";
import { sealed } from "../memory.ts";
import type { ReplyContext } from "../wire.ts";

/** The reply as the events of a Messages stream. */
export function* anthropicFrames(draft: Draft, { memory }: ReplyContext): Generator<Frame> {
  const message = { ...envelope(draft), content: [], stop_reason: null, stop_sequence: null };
  yield event("start", "message_start", { message: { ...message, ...startUsage(draft) } });
  yield event("ping", "ping", {});
  let index = 0;
  if (draft.reasoning !== "") {
    yield* thinkingFrames(draft, memory, index);
    index += 1;
  }
  let textOpen = false;
  for (const text of draft.textPieces) {
    if (!textOpen)
      yield event("other", "content_block_start", { index, content_block: { type: "text", text: "" } });
    textOpen = true;
    yield delta("text", index, { type: "text_delta", text });
  }
  if (textOpen) {
    yield event("other", "content_block_stop", { index });
    index += 1;
  }
  yield* arrangeCalls(
    draft,
    draft.calls.map((call, position) => callFrames(call, index + position)),
  );
  yield event("stop", "message_delta", {
    delta: { stop_reason: stopReason(draft), stop_sequence: null },
    ...usage(draft),
  });
  yield event("terminal", "message_stop", {});
}

/** The reply as the JSON of a Message. */
export function anthropicMessage(draft: Draft, { memory }: ReplyContext): JsonObject {
  const text = [...draft.textPieces].join("");
  const signature = memory.sign(draft.reasoning);
  const thinking = draft.hideReasoning
    ? redacted(draft, memory)
    : { type: "thinking", thinking: draft.reasoning, signature };
  return {
    ...envelope(draft),
    content: [
      ...(draft.reasoning === "" ? [] : [thinking]),
      ...(text === "" ? [] : [{ type: "text", text }]),
      ...draft.calls.map((call) => ({ type: "tool_use", ...named(call), input: call.value })),
    ],
    stop_reason: stopReason(draft),
    stop_sequence: null,
    ...usage(draft),
  };
}

function* thinkingFrames(draft: Draft, memory: Memory, index: number): Generator<Frame> {
  const open = { type: "thinking", thinking: "", signature: "" };
  const content_block = draft.hideReasoning ? redacted(draft, memory) : open;
  yield event("other", "content_block_start", { index, content_block });
  if (!draft.hideReasoning) {
    for (const thinking of draft.reasoningPieces)
      yield delta("reasoning", index, { type: "thinking_delta", thinking });
    yield delta("other", index, { type: "signature_delta", signature: memory.sign(draft.reasoning) });
  }
  yield event("other", "content_block_stop", { index });
}

function redacted(draft: Draft, memory: Memory): JsonObject {
  return { type: "redacted_thinking", data: sealed(memory, draft.reasoning) };
}

function callFrames(call: DraftCall, index: number): readonly Frame[] {
  return [
    event("tool-start", "content_block_start", {
      index,
      content_block: { type: "tool_use", ...named(call), input: {} },
    }),
    ...call.pieces.map((piece) =>
      delta("tool-json", index, { type: "input_json_delta", partial_json: piece }),
    ),
    event("other", "content_block_stop", { index }),
  ];
}

function named(call: DraftCall): JsonObject {
  return { ...(call.id === undefined ? {} : { id: call.id }), name: call.name };
}

function event(kind: FrameKind, type: string, fields: JsonObject): Frame {
  return { kind, event: type, data: { type, ...fields } };
}

function delta(kind: FrameKind, index: number, change: JsonObject): Frame {
  return event(kind, "content_block_delta", { index, delta: change });
}

function envelope(draft: Draft): JsonObject {
  return { id: `msg_${draft.id}`, type: "message", role: "assistant", model: draft.model };
}

function stopReason(draft: Draft): string {
  const words = { end: "end_turn", "tool-calls": "tool_use", length: "max_tokens", refusal: "refusal" };
  return draft.rawStop ?? words[draft.stop];
}

function startUsage(draft: Draft): JsonObject {
  const whole = draft.usage;
  return whole === undefined ? {} : { usage: { ...inputUsage(whole), output_tokens: 1 } };
}

function usage(draft: Draft): JsonObject {
  const whole = draft.usage;
  return whole === undefined ? {} : { usage: { ...inputUsage(whole), output_tokens: whole.output } };
}

/** This vendor counts the cached parts beside the input, not within it. */
function inputUsage(whole: NonNullable<Draft["usage"]>): JsonObject {
  return {
    input_tokens: whole.input - whole.cacheRead - whole.cacheWrite,
    cache_creation_input_tokens: whole.cacheWrite,
    cache_read_input_tokens: whole.cacheRead,
  };
}
