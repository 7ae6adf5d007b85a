import type { JsonObject } from "@claw/agent-core";
import type { Draft, DraftCall } from "../draft.ts";
import type { Frame, FrameKind } from "../frame.ts";

/** The reply as the lines of an Ollama chat stream. Each call comes whole, in a line of its own. */
export function* ollamaFrames(draft: Draft): Generator<Frame> {
  if (!draft.hideReasoning)
    for (const thinking of draft.reasoningPieces) yield line(draft, "reasoning", { content: "", thinking });
  for (const content of draft.textPieces) yield line(draft, "text", { content });
  for (const [index, call] of draft.calls.entries())
    yield line(draft, "tool-json", { content: "", tool_calls: [toolCall(call, index)] });
  yield {
    kind: "terminal",
    data: { ...envelope(draft), message: { role: "assistant", content: "" }, ...ending(draft) },
  };
}

/** The reply as one JSON object. */
export function ollamaMessage(draft: Draft): JsonObject {
  const message = {
    role: "assistant",
    content: [...draft.textPieces].join(""),
    ...(draft.reasoning === "" || draft.hideReasoning ? {} : { thinking: draft.reasoning }),
    ...(draft.calls.length === 0 ? {} : { tool_calls: draft.calls.map(toolCall) }),
  };
  return { ...envelope(draft), message, ...ending(draft) };
}

function line(draft: Draft, kind: FrameKind, message: JsonObject): Frame {
  return { kind, data: { ...envelope(draft), message: { role: "assistant", ...message }, done: false } };
}

function envelope(draft: Draft): JsonObject {
  return { model: draft.model, created_at: "2026-01-01T00:00:00.000000Z" };
}

function toolCall(call: DraftCall, index: number): JsonObject {
  const id: JsonObject = call.id === undefined ? {} : { id: call.id };
  return { ...id, function: { index, name: call.name, arguments: call.value } };
}

function ending(draft: Draft): JsonObject {
  const words = { end: "stop", "tool-calls": "stop", length: "length", refusal: "stop" };
  const counts =
    draft.usage === undefined ? {} : { prompt_eval_count: draft.usage.input, eval_count: draft.usage.output };
  return {
    done: true,
    done_reason: draft.rawStop ?? words[draft.stop],
    total_duration: 5_000_000,
    load_duration: 1_000_000,
    prompt_eval_duration: 2_000_000,
    eval_duration: 2_000_000,
    ...counts,
  };
}
