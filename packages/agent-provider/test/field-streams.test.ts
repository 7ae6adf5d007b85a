import type { AssistantMessage } from "@claw/agent-core";
import { anthropicMessages, openaiChat, openaiResponses, type Protocol } from "@claw/agent-provider";
import { describe, expect, test, vi } from "vitest";
import { collect } from "./support/collect.ts";
import { type FakeAnswer, fakeTransport, sentJson } from "./support/fake-transport.ts";
import { modelOf } from "./support/model-of.ts";
import { hello } from "./support/requests.ts";

// Streams as servers of the field send them. L9, W4: a call whose arguments are lost on the way runs without any.

const claude = anthropicMessages({ model: { provider: "anthropic", id: "claude-sonnet-4" } });
const gpt = openaiChat({ model: { provider: "openai", id: "gpt-5" } });
const responses = openaiResponses({ model: { provider: "openai-responses", id: "gpt-5" } });

async function streamed(protocol: Protocol, events: readonly unknown[]): Promise<AssistantMessage> {
  const body = events.map(
    (event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`,
  );
  return (await collect(modelOf(protocol, fakeTransport({ body }).transport), hello)).message;
}

const parts = ({ content }: AssistantMessage): readonly unknown[] =>
  content.map((part) => (part.type === "tool-call" ? [part.name, part.input] : part));

describe("openai-responses: what a call was given is taken from wherever it stands", () => {
  const args = '{"x":1}';
  const item = (more: object = {}): object => ({
    type: "function_call",
    id: "f",
    call_id: "a",
    name: "Read",
    ...more,
  });
  const added = (more: object = {}): object => ({
    type: "response.output_item.added",
    output_index: 0,
    item: item({ arguments: "", ...more }),
  });
  const delta = { type: "response.function_call_arguments.delta", output_index: 0, delta: args };
  const argsDone = { type: "response.function_call_arguments.done", output_index: 0, arguments: args };
  const done = (more: object = {}): object => ({
    type: "response.output_item.done",
    output_index: 0,
    item: item({ arguments: args, ...more }),
  });
  const end = (...output: readonly object[]): object => ({
    type: "response.completed",
    response: { status: "completed", output },
  });

  test.each([
    ["pieces before the item", [delta, done(), end()]],
    ["pieces, and the item only in the whole", [delta, end(item({ arguments: args }))]],
    ["no pieces, and no item at its end", [added(), argsDone, end()]],
    ["the item at its beginning, and the rest only in the whole", [added(), end(item({ arguments: args }))]],
    ["a piece that was left out", [added(), { ...delta, delta: '{"x"' }, done(), end()]],
    ["the name only at the end", [added({ name: "" }), delta, done(), end()]],
    ["an object instead of text", [added(), done({ arguments: { x: 1 } }), end()]],
    ["all of it, twice", [added(), delta, argsDone, done(), done(), end(item({ arguments: args }))]],
    ["other places in the whole", [added(), delta, done(), end(item({ arguments: args, id: "g" }))]],
  ])("%s", async (_name, events) => {
    expect(parts(await streamed(responses, events))).toEqual([["Read", { x: 1 }]]);
  });

  test("a text that was streamed, and a call that is only in the whole", async () => {
    const text = { type: "response.output_text.delta", output_index: 0, delta: "hi" };
    const message = { type: "message", content: [{ type: "output_text", text: "hi" }] };
    const reply = await streamed(responses, [text, end(message, item({ arguments: args }))]);
    expect(parts(reply)).toEqual([{ type: "text", text: "hi" }, ["Read", { x: 1 }]]);
  });

  test("a text and a call under one index", async () => {
    const message = { type: "message", content: [{ type: "output_text", text: "hi" }] };
    const reply = await streamed(responses, [{ ...done(), item: message }, done(), end()]);
    expect(parts(reply)).toEqual([{ type: "text", text: "hi" }, ["Read", { x: 1 }]]);
  });

  test("a call that never got a name is a call without a name", async () => {
    expect(parts(await streamed(responses, [delta, end()]))).toEqual([["", { x: 1 }]]);
  });
});

describe("anthropic-messages: arguments that come at the start of a block", () => {
  const start = (input: unknown): object => ({
    type: "content_block_start",
    index: 0,
    content_block: { type: "tool_use", id: "t", name: "Read", input },
  });
  const piece = (partial_json: string): object => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "input_json_delta", partial_json },
  });
  const stop = { type: "content_block_stop", index: 0 };
  const end = [{ type: "message_delta", delta: { stop_reason: "tool_use" } }, { type: "message_stop" }];

  test.each([
    ["no block ends", [start({ x: 1 }), ...end]],
    ["no block ends, and no reason is given", [start({ x: 1 }), { type: "message_stop" }]],
    ["as text", [start('{"x":1}'), stop, ...end]],
    ["an empty piece follows", [start({ x: 1 }), piece(""), stop, ...end]],
    ["they come again in pieces", [start({ x: 2 }), piece('{"x":'), piece("1}"), stop, ...end]],
  ])("%s", async (_name, events) => {
    expect(parts(await streamed(claude, events))).toEqual([["Read", { x: 1 }]]);
  });

  test("blocks that all have the index 0, and do not end", async () => {
    const events = [start({}), piece('{"x":1}'), start({}), piece('{"x":2}'), ...end];
    expect(parts(await streamed(claude, events))).toEqual([
      ["Read", { x: 1 }],
      ["Read", { x: 2 }],
    ]);
  });
});

describe("openai-chat: pieces of calls", () => {
  const call = (...pieces: readonly object[]): readonly unknown[] => [
    ...pieces.map((piece) => ({ choices: [{ index: 0, delta: { tool_calls: [piece] } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
    "[DONE]",
  ];
  const begin = { index: 0, id: "a", function: { name: "Read", arguments: "{}" } };
  const more = (text: string, own: object = {}): object => ({
    index: 0,
    ...own,
    function: { arguments: text },
  });

  test.each([
    ["an empty object before the arguments is none of them", call(begin, more('{"x":'), more("1}"))],
    [
      "also with id and name in each piece",
      call(begin, { ...begin, function: { name: "Read", arguments: '{"x":1}' } }),
    ],
    [
      "an id of its own in each piece",
      call(
        { ...begin, function: { name: "Read", arguments: '{"x"' } },
        more(":", { id: "b" }),
        more("1}", { id: "c" }),
      ),
    ],
  ])("%s", async (_name, events) => {
    expect(parts(await streamed(gpt, events))).toEqual([["Read", { x: 1 }]]);
  });

  test("an empty object alone is no arguments, and one within arguments is part of them", async () => {
    expect(parts(await streamed(gpt, call(begin, more(""))))).toEqual([["Read", {}]]);
    const nested = call({ ...begin, function: { name: "Read", arguments: '{"x":' } }, more("{}"), more("}"));
    expect(parts(await streamed(gpt, nested))).toEqual([["Read", { x: {} }]]);
  });

  test("L7: what came of the arguments is not read again with each piece that repeats the name", async () => {
    const text = JSON.stringify({ content: "if (a) { b(); }\n".repeat(300) });
    const pieces = text.match(/.{1,8}/gs) ?? [];
    const named = pieces.map((piece) => ({
      index: 0,
      id: "a",
      function: { name: "Write", arguments: piece },
    }));
    const parse = vi.spyOn(JSON, "parse");
    const message = await streamed(gpt, call(...named));
    const times = parse.mock.calls.length;
    parse.mockRestore();
    expect(parts(message)).toEqual([["Write", JSON.parse(text)]]);
    // Each event once, and the arguments at their end.
    expect(times).toBeLessThan(pieces.length + 8);
  });
});

describe("an error inside an answer that began well is that error", () => {
  const overflow = "the request exceeds the available context size. try increasing the context size";

  test.each([
    [
      "error: of llama.cpp",
      `error: {"code":400,"message":"${overflow}","type":"invalid_request_error"}\n\ndata: [DONE]\n\n`,
    ],
    ["without an error in it", `event: error\ndata: {"code":"Invalid","message":"${overflow}"}\n\n`],
    ["that is no JSON", `event: error\ndata: ${overflow}\n\n`],
    [
      "in words of its own",
      `data: {"error_type":"context_length_exceeded","error_message":"too long"}\n\ndata: [DONE]\n\n`,
    ],
  ])("L12: an event %s", async (_name, body) => {
    for (const protocol of [gpt, claude, responses]) {
      const { transport } = fakeTransport({ headers: { "content-type": "text/event-stream" }, body: [body] });
      const { message } = await collect(modelOf(protocol, transport), hello);
      expect(message.stop).toMatchObject({ error: { code: "context-overflow", retryable: false } });
    }
  });

  test.each([
    ["400", "bad-request", false],
    ["401", "auth", false],
    ["429", "rate-limit", true],
    ["500", "server", true],
  ])("L2: a gateway's status as text, and no word for it: %s is %s", async (code, expected, retryable) => {
    const error = { message: "litellm.Error: it failed", type: "None", param: "None", code };
    const { stop } = await streamed(gpt, [{ error }]);
    expect(stop).toMatchObject({ error: { code: expected, retryable } });
    expect(stop.reason === "error" && stop.error.message).not.toContain("None");
  });

  test("an error of the reply itself is shown with the reason why it ended", async () => {
    const error = { code: 502, message: "the provider is gone" };
    const { stop } = await streamed(gpt, [{ choices: [{ delta: {}, finish_reason: "error", error }] }]);
    expect(stop).toMatchObject({ error: { code: "server", message: expect.stringContaining("is gone") } });
  });

  test("L5: blanks around the word that ends a stream are none of it", async () => {
    const reply = await streamed(gpt, [{ choices: [{ delta: { content: "hi" } }] }, " [DONE] "]);
    expect(reply).toMatchObject({ content: [{ text: "hi" }], stop: { reason: "end" } });
  });
});

test("what goes back with calls is kept where a stream ends without a reason", async () => {
  const extra_content = { google: { thought_signature: "c2ln" } };
  const piece = { index: 0, id: "a", function: { name: "Read", arguments: "{}" }, extra_content };
  const { content } = await streamed(gpt, [{ choices: [{ delta: { tool_calls: [piece] } }] }, "[DONE]"]);
  expect(content).toMatchObject([
    { name: "Read" },
    { type: "reasoning", replay: { data: { extras: { "0": extra_content } } } },
  ]);
});

describe("what a server does not take of a request is left out", () => {
  const reply = {
    body: [`data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`],
  };
  const refusal = (message: string, status = 400): FakeAnswer => ({
    status,
    headers: { "content-type": "application/json" },
    body: [JSON.stringify({ error: { message } })],
  });
  const noStreamOptions = "Unrecognized request argument supplied: stream_options";
  const noMaxTokens =
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  const limited = { ...hello, maxOutputTokens: 100 };

  test.each([
    [[refusal(noStreamOptions), reply]],
    [[refusal(`{"type":"extra_forbidden","loc":["body","stream_options","include_usage"]}`, 422), reply]],
    [[refusal(noMaxTokens), reply]],
    [[refusal(noMaxTokens), refusal(noStreamOptions), reply]],
  ])("%j", async (answers) => {
    const { transport, requests } = fakeTransport(...answers);
    const model = modelOf(gpt, transport);
    const { deltas, message } = await collect(model, limited);
    expect(message).toMatchObject({ content: [{ text: "hi" }], stop: { reason: "end" } });
    expect(deltas).toHaveLength(1);
    const last = sentJson(requests.at(-1));
    expect(last["stream_options"] === undefined).toBe(JSON.stringify(answers).includes("stream_options"));
    expect(last["max_completion_tokens"]).toBe(JSON.stringify(answers).includes("instead") ? 100 : undefined);
    // From then on, without asking again.
    await collect(model, limited);
    expect(requests).toHaveLength(answers.length + 1);
    expect(sentJson(requests.at(-1))).toEqual(last);
  });

  test("what is refused all the same is told after one more request", async () => {
    const { transport, requests } = fakeTransport(refusal(noStreamOptions));
    const { message } = await collect(modelOf(gpt, transport), hello);
    expect(message.stop).toMatchObject({ error: { code: "bad-request", status: 400 } });
    expect(requests).toHaveLength(2);
  });

  test("a refusal that only shows the request, or is another one, changes nothing", async () => {
    const shown = `messages: bad. You sent {"stream_options":{"include_usage":true}}`;
    for (const answer of [
      refusal(shown),
      refusal("max_tokens is too large"),
      refusal(noStreamOptions, 401),
    ]) {
      const { transport, requests } = fakeTransport(answer);
      await collect(modelOf(gpt, transport), limited);
      expect(requests).toHaveLength(1);
    }
  });
});
