import type { AssistantMessage } from "@claw/agent-core";
import {
  anthropicMessages,
  costOf,
  knownModel,
  type ModelOptions,
  ollamaChat,
  openaiChat,
  openaiResponses,
  type Protocol,
} from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { fakeTransport } from "./support/fake-transport.ts";
import { modelOf } from "./support/model-of.ts";
import { hello } from "./support/requests.ts";

const claude = anthropicMessages({ model: { provider: "anthropic", id: "claude-sonnet-4" } });
const gpt = openaiChat({ model: { provider: "openai", id: "gpt-5" } });
const responses = openaiResponses({ model: { provider: "openai-responses", id: "gpt-5" } });
const qwen = ollamaChat({ model: { provider: "ollama", id: "qwen3.5:9b" } });

async function streamed(
  protocol: Protocol,
  events: readonly unknown[],
  more: Partial<ModelOptions> = {},
): Promise<AssistantMessage> {
  const lines = events.map((event) => (typeof event === "string" ? event : JSON.stringify(event)));
  const ndjson = protocol.framing.accept === "application/x-ndjson";
  const body = [lines.map((line) => (ndjson ? `${line}\n` : `data: ${line}\n\n`)).join("")];
  return (await collect(modelOf(protocol, fakeTransport({ body }).transport, more), hello)).message;
}

async function answered(protocol: Protocol, answer: unknown): Promise<AssistantMessage> {
  const headers = { "content-type": "application/json; charset=utf-8" };
  const { transport } = fakeTransport({ headers, body: [JSON.stringify(answer, null, 2)] });
  return (await collect(modelOf(protocol, transport), hello)).message;
}

const claudeText = (text: string, stop: string | null, more: object = {}): readonly unknown[] => [
  { type: "message_start", message: { usage: { input_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  ...(text === "" ? [] : [{ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }]),
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: stop }, usage: { output_tokens: 2 }, ...more },
  { type: "message_stop" },
];

const gptCall = (...pieces: readonly object[]): readonly unknown[] => [
  ...pieces.map((piece) => ({ choices: [{ index: 0, delta: { tool_calls: [piece] } }] })),
  { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
  "[DONE]",
];

const claudeCall = (...json: readonly string[]): readonly unknown[] => [
  {
    type: "content_block_start",
    index: 0,
    content_block: { type: "tool_use", id: "t", name: "Read", input: {} },
  },
  ...json.map((partial_json) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "input_json_delta", partial_json },
  })),
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "tool_use" } },
  { type: "message_stop" },
];

describe("W18 L11: why a reply ended", () => {
  test.each([
    ["end_turn", "end"],
    ["stop_sequence", "end"],
    ["max_tokens", "length"],
    ["pause_turn", "length"],
    ["model_context_window_exceeded", "length"],
    ["refusal", "refusal"],
    ["something_new", "end"],
  ])("anthropic-messages: %s is %s", async (raw, reason) => {
    expect((await streamed(claude, claudeText("hi", raw))).stop).toEqual({ reason, raw });
  });

  test.each([
    ["stop", "end"],
    ["length", "length"],
    ["model_length", "length"],
    ["MAX_TOKENS", "length"],
    ["content_filter", "refusal"],
    ["SAFETY", "refusal"],
    ["something_new", "end"],
  ])("openai-chat: %s is %s", async (raw, reason) => {
    const events = [{ choices: [{ delta: { content: "hi" }, finish_reason: raw }] }, "[DONE]"];
    expect((await streamed(gpt, events)).stop).toEqual({ reason, raw });
  });

  test.each(["error", "abort", "network_error", "insufficient_system_resource"])(
    "W5 openai-chat: %s is no end but a failure, and what was said is kept",
    async (raw) => {
      const events = [{ choices: [{ delta: { content: "hi" }, finish_reason: raw }] }, "[DONE]"];
      const message = await streamed(gpt, events);
      expect(message.stop).toMatchObject({ reason: "error", error: { retryable: true } });
      expect(message.content).toEqual([{ type: "text", text: "hi" }]);
    },
  );

  test("L5: an empty reason is none: a reply that breaks off after it is not whole", async () => {
    const hi = { choices: [{ delta: { content: "hi" }, finish_reason: "" }] };
    expect((await streamed(gpt, [hi])).stop).toMatchObject({ error: { code: "interrupted" } });
    const [, , , , end] = claudeText("hi", "");
    expect((await streamed(claude, [...claudeText("hi", null).slice(0, 4), end])).stop).toMatchObject({
      error: { code: "interrupted" },
    });
  });

  test("law 3: a cut by length stays one when the server ends a second time", async () => {
    const events = [
      { choices: [{ delta: { content: "hi" }, finish_reason: "length" }] },
      { choices: [{ delta: {}, finish_reason: "stop" }] },
      "[DONE]",
      "[DONE]",
    ];
    expect((await streamed(gpt, events)).stop).toEqual({ reason: "length", raw: "length" });
  });

  test("openai-chat: a list of texts and thoughts, as Mistral sends it", async () => {
    const delta = (content: unknown): object => ({ choices: [{ delta: { content } }] });
    const message = await streamed(gpt, [
      delta([{ type: "thinking", thinking: [{ type: "text", text: "Let me " }] }]),
      delta([{ type: "thinking", thinking: [{ type: "text", text: "think." }] }]),
      delta([{ type: "text", text: "So" }]),
      delta(" it is."),
      { choices: [{ delta: {}, finish_reason: "stop" }] },
    ]);
    expect(message.content).toEqual([
      { type: "reasoning", text: "Let me think." },
      { type: "text", text: "So it is." },
    ]);
  });

  test("openai-chat: a refusal is text, and the reason", async () => {
    const events = [
      { choices: [{ delta: { refusal: "I can't" } }] },
      { choices: [{ delta: { refusal: " do that." }, finish_reason: "stop" }] },
      "[DONE]",
    ];
    const message = await streamed(gpt, events);
    expect(message.stop).toEqual({ reason: "refusal", raw: "stop" });
    expect(message.content).toEqual([{ type: "text", text: "I can't do that." }]);
  });

  test("openai-responses: incomplete, filtered, failed, refused", async () => {
    const text = { type: "response.output_text.delta", output_index: 0, delta: "hi" };
    const end = (status: string, more: object): object => ({
      type: `response.${status}`,
      response: { status, ...more },
    });
    const cut = end("incomplete", { incomplete_details: { reason: "max_output_tokens" } });
    expect((await streamed(responses, [text, cut])).stop).toEqual({
      reason: "length",
      raw: "max_output_tokens",
    });
    const filtered = end("incomplete", { incomplete_details: { reason: "content_filter" } });
    expect((await streamed(responses, [text, filtered])).stop.reason).toBe("refusal");
    const failed = end("failed", { error: { code: "server_error", message: "oops" } });
    expect((await streamed(responses, [text, failed])).stop).toMatchObject({
      reason: "error",
      error: { code: "server", message: expect.stringContaining("oops") },
    });
    expect((await streamed(responses, [text, end("failed", {})])).stop.reason).toBe("error");
    const refusal = { type: "response.refusal.delta", output_index: 0, delta: "No." };
    expect((await streamed(responses, [refusal, end("completed", {})])).stop.reason).toBe("refusal");
    const thrown = { type: "error", code: "rate_limit_exceeded", message: "slow down" };
    expect((await streamed(responses, [text, thrown])).stop).toMatchObject({ error: { code: "rate-limit" } });
  });

  test("ollama-chat: length", async () => {
    const events = [
      { message: { content: "hi" }, done: false },
      { message: {}, done: true, done_reason: "length" },
    ];
    expect((await streamed(qwen, events)).stop).toEqual({ reason: "length", raw: "length" });
  });

  test("W8: a server that sends neither [DONE] nor usage, and one that sends no finish reason", async () => {
    const hi = { choices: [{ delta: { content: "hi" } }] };
    expect((await streamed(gpt, [hi, { choices: [{ delta: {}, finish_reason: "stop" }] }])).stop.reason).toBe(
      "end",
    );
    expect((await streamed(gpt, [hi, "[DONE]"])).stop).toEqual({ reason: "end" });
  });
});

describe("L11 empty_reply", () => {
  test.each([
    ["nothing", claudeText("", "end_turn")],
    ["blanks", claudeText(" \n", "end_turn")],
    [
      "only thinking",
      [
        { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "hm" } },
        { type: "message_delta", delta: { stop_reason: "end_turn" } },
        { type: "message_stop" },
      ],
    ],
  ])("%s is an error that may pass", async (_, events) => {
    expect((await streamed(claude, events)).stop).toMatchObject({
      reason: "error",
      error: { code: "empty-reply", retryable: true },
    });
  });

  test("W6: an empty block is no part of the message", async () => {
    expect((await streamed(claude, claudeText("", "end_turn"))).content).toEqual([]);
  });

  test("a refusal or a cut without text says why it is empty", async () => {
    expect((await streamed(claude, claudeText("", "refusal"))).stop.reason).toBe("refusal");
    expect((await streamed(claude, claudeText("", "max_tokens"))).stop.reason).toBe("length");
  });
});

describe("L9 W4: the arguments of a call", () => {
  test("tool_without_arguments: no text is no arguments", async () => {
    for (const events of [claudeCall(), claudeCall("")]) {
      expect((await streamed(claude, events)).content).toMatchObject([{ name: "Read", input: {} }]);
    }
  });

  test.each([
    ["{oops", "not valid JSON"],
    ['{"a":1', "not valid JSON"],
    ['"text"', "not a string"],
    ["[1]", "not an array"],
    ["null", "not null"],
    ["3", "not a number"],
  ])("tool_json_invalid: %s is kept as it is, with the reason", async (raw, why) => {
    const expected = [{ type: "tool-call", input: raw, malformed: expect.stringContaining(why) }];
    expect((await streamed(claude, claudeCall(raw))).content).toMatchObject(expected);
    const piece = { index: 0, id: "c", function: { name: "Read", arguments: raw } };
    expect((await streamed(gpt, gptCall(piece))).content).toMatchObject(expected);
  });

  test("ollama-chat: what is no object is refused too", async () => {
    for (const args of [null, [1], 3]) {
      const message = { tool_calls: [{ function: { name: "Read", arguments: args } }] };
      const reply = await streamed(qwen, [{ message, done: true, done_reason: "stop" }]);
      expect(reply.content).toMatchObject([{ input: JSON.stringify(args), malformed: expect.any(String) }]);
    }
  });

  test("law 3: a reply cut off by length marks the call it was cut in", async () => {
    const events = [
      ...claudeCall('{"file_path":"a').slice(0, -2),
      { type: "message_delta", delta: { stop_reason: "max_tokens" } },
      { type: "message_stop" },
    ];
    const message = await streamed(claude, events);
    expect(message.stop.reason).toBe("length");
    expect(message.content).toMatchObject([{ malformed: expect.stringContaining("cut off") }]);
  });

  test("anthropic-messages: arguments that come whole at the start of a block", async () => {
    const events = claudeCall();
    const start = {
      type: "content_block_start",
      index: 0,
      content_block: { type: "tool_use", name: "Read", input: { file_path: "x" } },
    };
    expect((await streamed(claude, [start, ...events.slice(1)])).content).toMatchObject([
      { input: { file_path: "x" } },
    ]);
  });

  test("a key like __proto__ stays a key", async () => {
    const [part] = (await streamed(claude, claudeCall('{"__proto__":{"x":1}}'))).content;
    expect(part?.type === "tool-call" && Object.keys(part.input as object)).toEqual(["__proto__"]);
  });
});

describe("W8 L10: how servers stream calls", () => {
  const names = (message: AssistantMessage): readonly unknown[] =>
    message.content.map((part) => (part.type === "tool-call" ? [part.name, part.input] : part));

  test("the first piece lacks arguments, or the name comes after them", async () => {
    const late = gptCall(
      { index: 0, id: "a" },
      { index: 0, function: { arguments: '{"x"' } },
      { index: 0, function: { name: "Read", arguments: ":1}" } },
    );
    expect(names(await streamed(gpt, late))).toEqual([["Read", { x: 1 }]]);
  });

  test("each piece repeats id and name", async () => {
    const again = gptCall(
      { index: 0, id: "a", function: { name: "Read", arguments: '{"x"' } },
      { index: 0, id: "a", function: { name: "Read", arguments: ":1}" } },
    );
    expect(names(await streamed(gpt, again))).toEqual([["Read", { x: 1 }]]);
  });

  test("all calls have the index 0 and only a new id", async () => {
    const zero = gptCall(
      { index: 0, id: "a", function: { name: "Read", arguments: '{"x":1}' } },
      { index: 0, id: "b", function: { name: "Bash", arguments: '{"y":2}' } },
    );
    expect(names(await streamed(gpt, zero))).toEqual([
      ["Read", { x: 1 }],
      ["Bash", { y: 2 }],
    ]);
  });

  test("no index, no id, or arguments as an object", async () => {
    const bare = gptCall({ function: { name: "Read", arguments: { x: 1 } } });
    expect(names(await streamed(gpt, bare))).toEqual([["Read", { x: 1 }]]);
  });

  test("no index and no id: each call with a name after a whole one is another", async () => {
    const bare = gptCall(
      { id: "", function: { name: "Read", arguments: '{"x":1}' } },
      { id: "", function: { name: "Read", arguments: '{"x":2}' } },
      { function: { name: "Bash", arguments: '{"y"' } },
      { function: { arguments: ":3}" } },
    );
    expect(names(await streamed(gpt, bare))).toEqual([
      ["Read", { x: 1 }],
      ["Read", { x: 2 }],
      ["Bash", { y: 3 }],
    ]);
  });

  test("no index, but ids: pieces that take turns find their call", async () => {
    const turns = gptCall(
      { id: "a", function: { name: "Read", arguments: '{"x"' } },
      { id: "b", function: { name: "Bash", arguments: '{"y"' } },
      { id: "a", function: { arguments: ":1}" } },
      { id: "b", function: { arguments: ":2}" } },
    );
    expect(names(await streamed(gpt, turns))).toEqual([
      ["Read", { x: 1 }],
      ["Bash", { y: 2 }],
    ]);
  });

  test("L10: a call that is sent twice is one call; an empty last piece adds nothing", async () => {
    const piece = { index: 0, id: "a", function: { name: "Read", arguments: '{"x":1}' } };
    const empty = { index: 0, id: "a", function: { name: "Read", arguments: "" } };
    expect(names(await streamed(gpt, gptCall(piece, piece, empty)))).toEqual([["Read", { x: 1 }]]);
  });

  test("anthropic-messages: blocks that all have the index 0", async () => {
    const [start, ...rest] = claudeCall('{"x":1}');
    const second = claudeCall('{"x":2}');
    const text = claudeText("hi", "end_turn").slice(1, 4);
    const message = await streamed(claude, [...text, start, ...rest.slice(0, 2), ...second]);
    expect(names(message)).toEqual([{ type: "text", text: "hi" }, ["Read", { x: 1 }], ["Read", { x: 2 }]]);
    const withoutStops = [...text.slice(0, 2), ...second];
    expect(names(await streamed(claude, withoutStops))).toEqual([
      { type: "text", text: "hi" },
      ["Read", { x: 2 }],
    ]);
  });

  test("openai-responses: items without an index, and a whole that no item came before", async () => {
    const items = [
      { type: "message", id: "m", content: [{ type: "output_text", text: "hi" }] },
      { type: "function_call", id: "f", call_id: "a", name: "Read", arguments: '{"x":1}' },
      { type: "function_call", id: "g", call_id: "b", name: "Bash", arguments: "{}" },
    ];
    const done = items.map((item) => ({ type: "response.output_item.done", item }));
    const end = { type: "response.completed", response: { output: items } };
    for (const events of [[...done, end], [end]]) {
      expect(names(await streamed(responses, events))).toEqual([
        { type: "text", text: "hi" },
        ["Read", { x: 1 }],
        ["Bash", {}],
      ]);
    }
  });

  test("a call that never got a name is a call without a name", async () => {
    expect(names(await streamed(gpt, gptCall({ index: 0, id: "a", function: { arguments: "{}" } })))).toEqual(
      [["", {}]],
    );
  });
});

describe("L8: a whole answer to a request for a stream is taken", () => {
  const expected = [
    { type: "text", text: "hi" },
    { type: "tool-call", name: "Read", input: { x: 1 } },
  ];

  test("anthropic-messages", async () => {
    const message = await answered(claude, {
      type: "message",
      content: [
        { type: "text", text: "hi" },
        { type: "tool_use", id: "t", name: "Read", input: { x: 1 } },
      ],
      stop_reason: "tool_use",
      usage: { input_tokens: 3, output_tokens: 4 },
    });
    expect(message).toMatchObject({
      content: expected,
      stop: { reason: "tool-calls" },
      usage: { input: 3, output: 4 },
    });
  });

  test("openai-chat", async () => {
    const message = await answered(gpt, {
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "hi",
            tool_calls: [{ id: "a", function: { name: "Read", arguments: '{"x":1}' } }],
          },
          finish_reason: "tool_calls",
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    });
    expect(message).toMatchObject({
      content: expected,
      stop: { reason: "tool-calls" },
      usage: { input: 3, output: 4 },
    });
  });

  test("openai-responses", async () => {
    const message = await answered(responses, {
      status: "completed",
      error: null,
      output: [
        { type: "message", content: [{ type: "output_text", text: "hi" }] },
        { type: "function_call", call_id: "a", name: "Read", arguments: '{"x":1}' },
      ],
      usage: { input_tokens: 3, output_tokens: 4 },
    });
    expect(message).toMatchObject({
      content: expected,
      stop: { reason: "tool-calls" },
      usage: { input: 3, output: 4 },
    });
  });

  test("ollama-chat", async () => {
    const message = { content: "hi", tool_calls: [{ function: { name: "Read", arguments: { x: 1 } } }] };
    const reply = await streamed(qwen, [
      { message, done: true, done_reason: "stop", prompt_eval_count: 3, eval_count: 4 },
    ]);
    expect(reply).toMatchObject({
      content: expected,
      stop: { reason: "tool-calls" },
      usage: { input: 3, output: 4 },
    });
  });
});

describe("usage and cost", () => {
  test("what was not reported is absent; zero is zero", async () => {
    const events = [{ choices: [{ delta: { content: "hi" }, finish_reason: "stop" }] }, "[DONE]"];
    expect((await streamed(gpt, events)).usage).toEqual({});
    expect(
      (await streamed(gpt, [...events.slice(0, 1), { choices: [], usage: { prompt_tokens: 0 } }, "[DONE]"]))
        .usage,
    ).toEqual({ input: 0 });
  });

  test("what is no count is not reported: text, less than nothing, more than any number", async () => {
    const usage = `{"prompt_tokens":-1,"completion_tokens":1e999,"prompt_tokens_details":{"cached_tokens":"4"}}`;
    const events = [
      { choices: [{ delta: { content: "hi" }, finish_reason: "stop" }] },
      `{"choices":[],"usage":${usage}}`,
    ];
    expect((await streamed(gpt, events)).usage).toEqual({});
  });

  test("anthropic-messages: counts of the end add to those of the start, and a zero takes none back", async () => {
    const start = { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 };
    const counted = async (first: object, last: object) => {
      const [, block, ...rest] = claudeText("hi", "end_turn");
      const [delta, stop, , end] = rest;
      const message = { type: "message_start", message: { usage: first } };
      const final = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: last };
      return (await streamed(claude, [message, block, delta, stop, final, end])).usage;
    };
    const all = { input: 100, cacheRead: 90, output: 5 };
    expect(await counted(start, { input_tokens: 10, output_tokens: 5 })).toEqual(all);
    expect(await counted(start, { input_tokens: 0, output_tokens: 5 })).toEqual(all);
    expect(await counted({ input_tokens: 0, output_tokens: 0 }, { ...start, output_tokens: 5 })).toEqual(all);
  });

  test("the cost is worked out from the usage, and absent where the price is unknown", async () => {
    const events = claudeText("hi", "end_turn", { usage: { input_tokens: 1000, output_tokens: 100 } });
    const price = knownModel("anthropic", "claude-sonnet-4-20250514")?.price;
    const priced = await streamed(claude, events, { cost: (usage) => costOf(price, usage) });
    expect(priced.usage.cost).toBe(4500);
    const unknown = await streamed(claude, events, { cost: () => undefined });
    expect(unknown.usage).not.toHaveProperty("cost");
  });

  test("cached tokens have their own price; beyond a price's limit nothing is claimed", () => {
    const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, upTo: 200_000 };
    expect(costOf(price, { input: 1000, output: 0, cacheRead: 800, cacheWrite: 100 })).toBe(300 + 240 + 375);
    expect(costOf(price, { input: 200_001, output: 1 })).toBeUndefined();
    expect(costOf(price, { input: 1 })).toBeUndefined();
    expect(costOf(undefined, { input: 1, output: 1 })).toBeUndefined();
  });

  test("a longer prompt has the price of longer prompts, for all of its tokens", () => {
    const price = knownModel("anthropic", "claude-haiku-5-5")?.price;
    expect(costOf(price, { input: 100_000, output: 1000 })).toBe(10_500);
    expect(costOf(price, { input: 100_001, output: 1000, cacheRead: 100_000 })).toBe(7501);
  });

  test("complaint 6: the cost of a reply that broke off is that of the tokens it reported", async () => {
    const events = [
      { type: "message_start", message: { usage: { input_tokens: 1000, output_tokens: 0 } } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Half a" } },
    ];
    const price = knownModel("anthropic", "claude-sonnet-4-20250514")?.price;
    const cut = await streamed(claude, events, { cost: (usage) => costOf(price, usage) });
    expect(cut).toMatchObject({ stop: { reason: "error" }, usage: { input: 1000, cost: 3000 } });
  });

  test("models are found with and without the date of a snapshot, and only whole", () => {
    expect(knownModel("anthropic", "claude-opus-4-1-20250805")).toBe(
      knownModel("anthropic", "claude-opus-4-1"),
    );
    expect(knownModel("openai", "gpt-4o-mini-2024-07-18")?.price?.input).toBe(0.15);
    expect(knownModel("openai", "gpt-4o-super")).toBeUndefined();
    expect(knownModel("anthropic", "constructor")).toBeUndefined();
    expect(knownModel("__proto__", "x")).toBeUndefined();
  });
});
