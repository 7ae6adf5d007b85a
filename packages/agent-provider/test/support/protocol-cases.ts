import type { ModelRef } from "@claw/agent-core";
import type { Protocol } from "@claw/agent-provider";
import { anthropicMessages, ollamaChat, openaiChat, openaiResponses } from "@claw/agent-provider";

/** One wire format, with the same answer recorded in it: thinking, "Grüße 👋", two calls whose pieces interleave. */
export interface ProtocolCase {
  readonly name: string;
  readonly model: ModelRef;
  readonly protocol: () => Protocol;
  readonly contentType: string;
  /** The events, in order, each as the text of its data. */
  readonly events: readonly string[];
  /** The content after reading them; ids are checked apart. */
  readonly content: readonly object[];
  readonly usage: object;
  readonly raw: string | undefined;
  /** How many events from the start leave the reply unfinished. */
  readonly cutAt: number;
}

const claude: ModelRef = { provider: "anthropic", id: "claude-sonnet-4-20250514" };
const gpt: ModelRef = { provider: "openai", id: "gpt-5" };
const gptResponses: ModelRef = { provider: "openai-responses", id: "gpt-5" };
const qwen: ModelRef = { provider: "ollama", id: "qwen3.5:9b" };

const events = (...list: readonly object[]): readonly string[] => list.map((event) => JSON.stringify(event));

const anthropicEvents = events(
  {
    type: "message_start",
    message: {
      id: "msg_1",
      role: "assistant",
      content: [],
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 5,
        cache_creation_input_tokens: 7,
        output_tokens: 1,
      },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Let me " } },
  { type: "ping" },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "think." } },
  { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "c2ln" } },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Grüße " } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "👋" } },
  { type: "content_block_stop", index: 1 },
  {
    type: "content_block_start",
    index: 2,
    content_block: { type: "tool_use", id: "toolu_1", name: "Read", input: {} },
  },
  {
    type: "content_block_start",
    index: 3,
    content_block: { type: "tool_use", id: "toolu_1", name: "Bash", input: {} },
  },
  { type: "content_block_delta", index: 3, delta: { type: "input_json_delta", partial_json: '{"command":' } },
  {
    type: "content_block_delta",
    index: 2,
    delta: { type: "input_json_delta", partial_json: '{"file_path":"a' },
  },
  { type: "content_block_delta", index: 3, delta: { type: "input_json_delta", partial_json: '"ls"}' } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '.txt"}' } },
  { type: "content_block_stop", index: 2 },
  { type: "content_block_stop", index: 3 },
  {
    type: "message_delta",
    delta: { stop_reason: "tool_use", stop_sequence: null },
    usage: { output_tokens: 30 },
  },
  { type: "message_stop" },
);

const chunk = (delta: object, finish: string | null = null): object => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const chatEvents = [
  ...events(
    chunk({ role: "assistant", content: "" }),
    chunk({ reasoning_content: "Let me " }),
    chunk({ reasoning_content: "think." }),
    chunk({ content: "Grüße " }),
    chunk({ content: "👋" }),
    chunk({ tool_calls: [{ index: 0, id: "call_x", type: "function", function: { name: "Read" } }] }),
    chunk({
      tool_calls: [{ index: 1, id: "call_x", type: "function", function: { name: "Bash", arguments: "" } }],
    }),
    chunk({ tool_calls: [{ index: 1, function: { arguments: '{"command":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"file_path":"a' } }] }),
    chunk({ tool_calls: [{ index: 1, function: { arguments: '"ls"}' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '.txt"}' } }] }),
    chunk({}, "tool_calls"),
    {
      choices: [],
      usage: {
        prompt_tokens: 22,
        completion_tokens: 30,
        prompt_tokens_details: { cached_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    },
  ),
  "[DONE]",
];

const reasoningItem = {
  type: "reasoning",
  id: "rs_1",
  summary: [{ type: "summary_text", text: "Let me think." }],
};

const responsesEvents = events(
  { type: "response.created", response: { id: "resp_1", status: "in_progress", error: null } },
  {
    type: "response.output_item.added",
    output_index: 0,
    item: { type: "reasoning", id: "rs_1", summary: [] },
  },
  { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "Let me " },
  { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "think." },
  {
    type: "response.output_item.done",
    output_index: 0,
    item: { ...reasoningItem, status: "completed", encrypted_content: "c2VjcmV0" },
  },
  {
    type: "response.output_item.added",
    output_index: 1,
    item: { type: "message", id: "msg_1", content: [] },
  },
  { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "Grüße " },
  { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "👋" },
  {
    type: "response.output_item.done",
    output_index: 1,
    item: { type: "message", id: "msg_1", content: [{ type: "output_text", text: "Grüße 👋" }] },
  },
  {
    type: "response.output_item.added",
    output_index: 2,
    item: { type: "function_call", id: "fc_1", call_id: "call_x", name: "Read", arguments: "" },
  },
  {
    type: "response.output_item.added",
    output_index: 3,
    item: { type: "function_call", id: "fc_2", call_id: "call_x", name: "Bash", arguments: "" },
  },
  { type: "response.function_call_arguments.delta", output_index: 3, delta: '{"command":' },
  { type: "response.function_call_arguments.delta", output_index: 2, delta: '{"file_path":"a' },
  { type: "response.function_call_arguments.delta", output_index: 3, delta: '"ls"}' },
  { type: "response.function_call_arguments.delta", output_index: 2, delta: '.txt"}' },
  {
    type: "response.output_item.done",
    output_index: 2,
    item: { type: "function_call", call_id: "call_x", name: "Read", arguments: '{"file_path":"a.txt"}' },
  },
  {
    type: "response.output_item.done",
    output_index: 3,
    item: { type: "function_call", call_id: "call_x", name: "Bash", arguments: '{"command":"ls"}' },
  },
  {
    type: "response.completed",
    response: {
      id: "resp_1",
      status: "completed",
      error: null,
      incomplete_details: null,
      usage: {
        input_tokens: 22,
        input_tokens_details: { cached_tokens: 5 },
        output_tokens: 30,
        output_tokens_details: { reasoning_tokens: 4 },
      },
    },
  },
);

const line = (message: object, more: object = { done: false }): object => ({
  model: "qwen3.5:9b",
  created_at: "2026-11-01T00:00:00Z",
  message: { role: "assistant", content: "", ...message },
  ...more,
});

const ollamaEvents = events(
  line({ thinking: "Let me " }),
  line({ thinking: "think." }),
  line({ content: "Grüße " }),
  line({ content: "👋" }),
  line({ tool_calls: [{ function: { name: "Read", arguments: { file_path: "a.txt" } } }] }),
  line({ tool_calls: [{ function: { name: "Bash", arguments: { command: "ls" } } }] }),
  line({}, { done: true, done_reason: "stop", prompt_eval_count: 22, eval_count: 30, total_duration: 1 }),
);

const reasoned = (model: ModelRef, data: unknown): object => ({
  type: "reasoning",
  text: "Let me think.",
  replay: { model, data },
});

const rest: readonly object[] = [
  { type: "text", text: "Grüße 👋" },
  { type: "tool-call", name: "Read", input: { file_path: "a.txt" } },
  { type: "tool-call", name: "Bash", input: { command: "ls" } },
];

export const protocolCases: readonly ProtocolCase[] = [
  {
    name: "anthropic-messages",
    model: claude,
    protocol: () => anthropicMessages({ model: claude }),
    contentType: "text/event-stream",
    events: anthropicEvents,
    content: [reasoned(claude, { type: "thinking", signature: "c2ln" }), ...rest],
    usage: { input: 22, output: 30, cacheRead: 5, cacheWrite: 7 },
    raw: "tool_use",
    cutAt: anthropicEvents.length - 2,
  },
  {
    name: "openai-chat",
    model: gpt,
    protocol: () => openaiChat({ model: gpt }),
    contentType: "text/event-stream",
    events: chatEvents,
    content: [reasoned(gpt, "reasoning_content"), ...rest],
    usage: { input: 22, output: 30, cacheRead: 5, reasoning: 4 },
    raw: "tool_calls",
    cutAt: chatEvents.length - 3,
  },
  {
    name: "openai-responses",
    model: gptResponses,
    protocol: () => openaiResponses({ model: gptResponses }),
    contentType: "text/event-stream",
    events: responsesEvents,
    content: [reasoned(gptResponses, { ...reasoningItem, encrypted_content: "c2VjcmV0" }), ...rest],
    usage: { input: 22, output: 30, cacheRead: 5, reasoning: 4 },
    raw: "completed",
    cutAt: responsesEvents.length - 1,
  },
  {
    name: "ollama-chat",
    model: qwen,
    protocol: () => ollamaChat({ model: qwen }),
    contentType: "application/x-ndjson",
    events: ollamaEvents,
    content: [reasoned(qwen, "thinking"), ...rest],
    usage: { input: 22, output: 30 },
    raw: "stop",
    cutAt: ollamaEvents.length - 1,
  },
];

/** The events as the protocol's stream; `count` of them, or all. */
export function streamOf(one: ProtocolCase, count = one.events.length): string {
  const chosen = one.events.slice(0, count);
  if (one.contentType !== "text/event-stream") return chosen.map((event) => `${event}\n`).join("");
  return chosen.map((event) => `data: ${event}\n\n`).join("");
}
