import type { JsonObject } from "@claw/agent-core";
import type { Draft, DraftCall } from "../draft.ts";
import { arrangeCalls } from "../draft.ts";
import type { Frame, FrameKind } from "../frame.ts";
import { sealed } from "../memory.ts";
import type { ReplyContext } from "../wire.ts";

/** The reply as the numbered events of a response stream. */
export function* responsesFrames(draft: Draft, context: ReplyContext): Generator<Frame> {
  let sequence = 0;
  for (const step of steps(draft, context)) {
    const data = { type: step.type, sequence_number: sequence, ...step.fields };
    yield { kind: step.kind, event: step.type, data };
    sequence += 1;
  }
}

/** The reply as the JSON of a response. */
export function responseObject(draft: Draft, context: ReplyContext): JsonObject {
  return finished(draft, context, [...draft.textPieces].join(""));
}

interface Step {
  readonly kind: FrameKind;
  readonly type: string;
  readonly fields: JsonObject;
}

function* steps(draft: Draft, context: ReplyContext): Generator<Step> {
  const opening = { ...envelope(draft, context), status: "in_progress", output: [], usage: null };
  yield { kind: "start", type: "response.created", fields: { response: opening } };
  yield { kind: "other", type: "response.in_progress", fields: { response: opening } };
  let index = 0;
  if (draft.reasoning !== "") {
    yield* reasoningSteps(draft, context, index);
    index += 1;
  }
  let text = "";
  for (const piece of draft.textPieces) {
    if (text === "") yield* openMessage(draft, index);
    text += piece;
    yield {
      kind: "text",
      type: `response.${partName(draft)}.delta`,
      fields: { ...place(draft, index), delta: piece },
    };
  }
  if (text !== "") {
    yield* closeMessage(draft, index, text);
    index += 1;
  }
  const calls = draft.calls.map((call, position) => callSteps(call, index + position));
  yield* arrangeCalls(draft, calls);
  const response = finished(draft, context, text);
  const type = response["status"] === "incomplete" ? "response.incomplete" : "response.completed";
  yield { kind: "terminal", type, fields: { response } };
}

function* reasoningSteps(draft: Draft, context: ReplyContext, index: number): Generator<Step> {
  const item = reasoningItem(draft, context);
  const where = { item_id: `rs_${draft.id}`, output_index: index, summary_index: 0 };
  yield added(index, { ...item, summary: [] });
  if (!draft.hideReasoning) {
    const part = { type: "summary_text", text: draft.reasoning };
    yield other("response.reasoning_summary_part.added", { ...where, part: { ...part, text: "" } });
    for (const delta of draft.reasoningPieces)
      yield { kind: "reasoning", type: "response.reasoning_summary_text.delta", fields: { ...where, delta } };
    yield other("response.reasoning_summary_text.done", { ...where, text: draft.reasoning });
    yield other("response.reasoning_summary_part.done", { ...where, part });
  }
  yield done(index, item);
}

function* openMessage(draft: Draft, index: number): Generator<Step> {
  yield added(index, { ...messageItem(draft, ""), status: "in_progress", content: [] });
  yield other("response.content_part.added", { ...place(draft, index), part: part(draft, "") });
}

function* closeMessage(draft: Draft, index: number, text: string): Generator<Step> {
  const field = draft.stop === "refusal" ? "refusal" : "text";
  yield other(`response.${partName(draft)}.done`, { ...place(draft, index), [field]: text });
  yield other("response.content_part.done", { ...place(draft, index), part: part(draft, text) });
  yield done(index, messageItem(draft, text));
}

function callSteps(call: DraftCall, index: number): readonly Step[] {
  const where = { item_id: `fc_${call.key}`, output_index: index };
  const started: Step = {
    ...added(index, { ...callItem(call), arguments: "", status: "in_progress" }),
    kind: "tool-start",
  };
  return [
    started,
    ...call.pieces.map(
      (delta): Step => ({
        kind: "tool-json",
        type: "response.function_call_arguments.delta",
        fields: { ...where, delta },
      }),
    ),
    other("response.function_call_arguments.done", { ...where, arguments: call.json }),
    done(index, callItem(call)),
  ];
}

function other(type: string, fields: JsonObject): Step {
  return { kind: "other", type, fields };
}

function added(index: number, item: JsonObject): Step {
  return other("response.output_item.added", { output_index: index, item });
}

function done(index: number, item: JsonObject): Step {
  return other("response.output_item.done", { output_index: index, item });
}

function place(draft: Draft, index: number): JsonObject {
  return { item_id: `msg_${draft.id}`, output_index: index, content_index: 0 };
}

function partName(draft: Draft): string {
  return draft.stop === "refusal" ? "refusal" : "output_text";
}

function part(draft: Draft, text: string): JsonObject {
  return draft.stop === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}

function reasoningItem(draft: Draft, { body, memory }: ReplyContext): JsonObject {
  const include = Array.isArray(body["include"]) ? body["include"] : [];
  const encrypted = include.includes("reasoning.encrypted_content")
    ? { encrypted_content: sealed(memory, draft.reasoning) }
    : {};
  const summary = draft.hideReasoning ? [] : [{ type: "summary_text", text: draft.reasoning }];
  return { id: `rs_${draft.id}`, type: "reasoning", summary, ...encrypted };
}

function messageItem(draft: Draft, text: string): JsonObject {
  const status = draft.stop === "length" ? "incomplete" : "completed";
  return { id: `msg_${draft.id}`, type: "message", status, role: "assistant", content: [part(draft, text)] };
}

function callItem(call: DraftCall): JsonObject {
  return {
    id: `fc_${call.key}`,
    type: "function_call",
    status: "completed",
    ...(call.id === undefined ? {} : { call_id: call.id }),
    name: call.name,
    arguments: call.json,
  };
}

function finished(draft: Draft, context: ReplyContext, text: string): JsonObject {
  const output = [
    ...(draft.reasoning === "" ? [] : [reasoningItem(draft, context)]),
    ...(text === "" ? [] : [messageItem(draft, text)]),
    ...draft.calls.map(callItem),
  ];
  const reason = draft.rawStop ?? (draft.stop === "length" ? "max_output_tokens" : undefined);
  return {
    ...envelope(draft, context),
    status: reason === undefined ? "completed" : "incomplete",
    incomplete_details: reason === undefined ? null : { reason },
    output,
    ...(draft.usage === undefined ? {} : { usage: usage(draft.usage) }),
  };
}

function envelope(draft: Draft, { body }: ReplyContext): JsonObject {
  return {
    id: `resp_${draft.id}`,
    object: "response",
    created_at: 1_767_225_600,
    model: draft.model,
    error: null,
    incomplete_details: null,
    instructions: body["instructions"] ?? null,
    parallel_tool_calls: body["parallel_tool_calls"] ?? true,
    previous_response_id: body["previous_response_id"] ?? null,
    store: body["store"] ?? true,
    tool_choice: body["tool_choice"] ?? "auto",
    tools: body["tools"] ?? [],
  };
}

function usage(whole: NonNullable<Draft["usage"]>): JsonObject {
  return {
    input_tokens: whole.input,
    input_tokens_details: { cached_tokens: whole.cacheRead },
    output_tokens: whole.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: whole.input + whole.output,
  };
}
