import {
  type AssistantPart,
  type Content,
  type Message,
  type ModelRef,
  text,
  toolCallId,
} from "@claw/agent-core";
import {
  anthropicMessages,
  ollamaChat,
  openaiChat,
  openaiResponses,
  type Protocol,
  type ThinkingStyle,
} from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { fakeTransport } from "./support/fake-transport.ts";
import { modelOf } from "./support/model-of.ts";
import { protocolCases } from "./support/protocol-cases.ts";
import { assistant, bashTool, call, readTool, request, result, user } from "./support/requests.ts";

const other: ModelRef = { provider: "other", id: "other" };
const image: Content[number] = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" };
const pdf: Content[number] = { type: "file", mediaType: "application/pdf", data: "cGRm", name: "a.pdf" };
const note: Content[number] = { type: "file", mediaType: "text/plain", data: "R3LDvMOfZQ==", name: "a.txt" };

function sent(protocol: Protocol, messages: readonly Message[], more = {}): Record<string, unknown> {
  return JSON.parse(protocol.body(request(messages, more)).join("")) as Record<string, unknown>; // looked at below
}

describe("anthropic-messages", () => {
  const model: ModelRef = { provider: "anthropic", id: "claude-sonnet-4-20250514" };
  const protocol = (): Protocol => anthropicMessages({ model });
  const mark = { type: "ephemeral" };

  test("V3: the whole of a small request, with breakpoints on tools, system and the last message", () => {
    const more = { system: "Be brief.", tools: [readTool, bashTool] };
    expect(sent(protocol(), [user("hello")], more)).toEqual({
      model: "claude-sonnet-4-20250514",
      max_tokens: 8192,
      stream: true,
      system: [{ type: "text", text: "Be brief.", cache_control: mark }],
      tools: [
        { name: "Read", description: "Reads a file.", input_schema: readTool.inputSchema },
        {
          name: "Bash",
          description: "Runs a command.",
          input_schema: bashTool.inputSchema,
          cache_control: mark,
        },
      ],
      messages: [{ role: "user", content: [{ type: "text", text: "hello", cache_control: mark }] }],
    });
    expect(protocol().path).toBe("/v1/messages");
    expect(protocol().headers).toEqual({ "anthropic-version": "2023-06-01" });
  });

  test("max_tokens is always sent: the request's, else the protocol's, else 8192", () => {
    expect(sent(protocol(), [user("x")], { maxOutputTokens: 5 })["max_tokens"]).toBe(5);
    expect(sent(anthropicMessages({ model, maxOutputTokens: 7 }), [user("x")])["max_tokens"]).toBe(7);
  });

  test("C4: an empty system prompt is no field", () => {
    expect(sent(protocol(), [user("x")], { system: "" })).not.toHaveProperty("system");
    expect(sent(protocol(), [user("x")])).not.toHaveProperty("system");
  });

  test("results and steering after a reply are one user message, results first", () => {
    const messages = [
      user("go"),
      assistant(model, call("a", "Read", { file_path: "x" }), call("b", "Read", { file_path: "y" })),
      result("a", "Read", "one"),
      result("b", "Read", "two"),
      user("also this"),
    ];
    expect(sent(protocol(), messages)["messages"]).toMatchObject([
      { role: "user", content: [{ type: "text", text: "go" }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "a" },
          { type: "tool_use", id: "b" },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "one" }] },
          { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "two" }] },
          { type: "text", text: "also this" },
        ],
      },
    ]);
  });

  test("at most four cache breakpoints, the last two on the last two user turns", () => {
    const messages: Message[] = [];
    for (let index = 0; index < 5; index += 1) messages.push(user(`${index}`), assistant(model, text("ok")));
    messages.push(user("last"));
    const body = protocol()
      .body(request(messages, { system: "s", tools: [readTool] }))
      .join("");
    expect(body.match(/cache_control/g)).toHaveLength(4);
    const { messages: wire } = JSON.parse(body) as { messages: { role: string; content: object[] }[] };
    const marked = wire.filter((message) => JSON.stringify(message).includes("cache_control"));
    expect(marked).toEqual([wire.at(-3), wire.at(-1)]);
  });

  test("denied, failed and cancelled results are errors with their text; details are never sent", () => {
    const messages = [
      user("go"),
      assistant(model, ...["a", "b", "c", "d"].map((id) => call(id, "Bash", { command: "x" }))),
      result("a", "Bash", { status: "denied", by: "user", content: [text("not that one")] }),
      result("b", "Bash", {
        status: "failed",
        content: [text("exit code 1"), image],
        error: { code: "tool-failed", message: "it failed" },
        details: { secret: "SECRET" },
      }),
      result("c", "Bash", { status: "cancelled", content: [] }),
      result("d", "Bash", { status: "ok", content: [], details: "SECRET" }),
    ];
    const body = sent(protocol(), messages)["messages"];
    expect(JSON.stringify(body)).not.toContain("SECRET");
    expect((body as object[])[2]).toMatchObject({
      content: [
        { tool_use_id: "a", is_error: true, content: [{ type: "text", text: "not that one" }] },
        // The API takes only text in a result that is an error.
        { tool_use_id: "b", is_error: true, content: [{ text: "exit code 1" }, { type: "text" }] },
        { tool_use_id: "c", is_error: true, content: [{ type: "text", text: "The call was cancelled." }] },
        { tool_use_id: "d", content: [{ type: "text", text: "(no output)" }] },
      ],
    });
    expect((body as { content: object[] }[])[2]?.content[3]).not.toHaveProperty("is_error");
  });

  test("pictures, PDFs and text files", () => {
    expect(sent(protocol(), [user("see", image, pdf, note)])["messages"]).toMatchObject([
      {
        content: [
          { type: "text", text: "see" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
          { type: "document", title: "a.pdf", source: { media_type: "application/pdf", data: "cGRm" } },
          { type: "text", text: "a.txt:\nGrüße" },
        ],
      },
    ]);
  });

  test("W6: empty and blank text is never sent; a message left with nothing is left out", () => {
    const messages = [
      user("a", "", "  "),
      assistant(model, text(" \n")),
      assistant(model, { type: "reasoning", text: "hm" }),
      user(""),
    ];
    expect(sent(protocol(), messages)["messages"]).toMatchObject([
      { role: "user", content: [{ text: "a" }, { text: "(no text)" }] },
    ]);
  });

  const thinking = (from: ModelRef): AssistantPart => ({
    type: "reasoning",
    text: "hm",
    replay: { model: from, data: { type: "thinking", signature: "c2ln" } },
  });
  const redacted: AssistantPart = {
    type: "reasoning",
    text: "",
    replay: { model, data: { type: "redacted_thinking", data: "b3BhcXVl" } },
  };

  test("thinking_kept_for_tool_turn: thinking goes back whole, signature and redacted blocks included", () => {
    const messages = [
      user("go"),
      assistant(model, thinking(model), redacted, call("a", "Read", { file_path: "x" })),
      result("a", "Read", "one"),
    ];
    expect((sent(protocol(), messages)["messages"] as object[])[1]).toEqual({
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "c2ln" },
        { type: "redacted_thinking", data: "b3BhcXVl" },
        { type: "tool_use", id: "a", name: "Read", input: { file_path: "x" } },
      ],
    });
  });

  test("law 10: another model's thinking, unsigned thinking and thinking at the end stay here", () => {
    const unsigned: AssistantPart = { type: "reasoning", text: "hm" };
    const messages = [
      user("go"),
      assistant(model, thinking(other), unsigned, text("so"), thinking(model)),
      user("on"),
    ];
    expect((sent(protocol(), messages)["messages"] as object[])[1]).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "so" }],
    });
  });

  test("reasoning whose beginning of the conversation has changed stays here, but for models that do not mind", () => {
    const signed = thinking(model);
    if (signed.type !== "reasoning" || signed.replay === undefined) throw new Error("no replay");
    const moved: AssistantPart = { ...signed, replay: { ...signed.replay, moved: true } };
    const messages = [
      user("a summary"),
      assistant(model, moved, call("a", "Read", {})),
      result("a", "Read", "1"),
      assistant(model, signed, call("b", "Read", {})),
      result("b", "Read", "2"),
    ];
    const types = (style: ThinkingStyle): unknown =>
      (
        sent(anthropicMessages({ model, thinking: style }), messages)["messages"] as {
          content: { type: string }[];
        }[]
      ).map(({ content }) => content.map(({ type }) => type));
    const kept = [
      ["text"],
      ["thinking", "tool_use"],
      ["tool_result"],
      ["thinking", "tool_use"],
      ["tool_result"],
    ];
    expect(types("budget")).toEqual(kept);
    expect(types("adaptive")).toEqual(kept.with(1, ["tool_use"]));
  });

  test("L10: ids and names are mapped to the vendor's alphabet, the same way on both sides", () => {
    const odd = "session.1.call.2";
    const long = "x".repeat(120);
    const messages = [
      user("go"),
      assistant(model, call(odd, "Rea d!", {}), call(long, "", {}), call(`${long}y`, "Read", {})),
      result(odd, "Rea d!", "1"),
      result(long, "", "2"),
      result(`${long}y`, "Read", "3"),
    ];
    const wire = sent(protocol(), messages)["messages"] as { content: Record<string, string>[] }[];
    const ids = wire[1]?.content.map((block) => block["id"]) ?? [];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    for (const block of wire[1]?.content ?? []) expect(block["name"]).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(wire[2]?.content.map((block) => block["tool_use_id"])).toEqual(ids);
  });

  test("W4 L9: arguments that were no JSON object go back wrapped, next to their error", () => {
    const malformed: AssistantPart = {
      ...(call("a", "Read", {}) as object),
      input: "{oops",
      malformed: "no",
    } as never; // a part with raw text
    const messages = [user("go"), assistant(model, malformed), result("a", "Read", "not JSON")];
    expect((sent(protocol(), messages)["messages"] as object[])[1]).toMatchObject({
      content: [{ type: "tool_use", input: { INVALID_JSON: "{oops" } }],
    });
  });
});

describe("openai-chat", () => {
  const model: ModelRef = { provider: "openai", id: "gpt-5" };

  test("V4: the whole of a small request; OpenAI's own fields only when asked for", () => {
    const more = { system: "Be brief.", tools: [readTool], maxOutputTokens: 9, cacheKey: "s1" };
    const plain = sent(openaiChat({ model }), [user("hello")], more);
    expect(plain).toEqual({
      model: "gpt-5",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 9,
      tools: [
        {
          type: "function",
          function: { name: "Read", description: "Reads a file.", parameters: readTool.inputSchema },
        },
      ],
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hello" },
      ],
    });
    const own = openaiChat({ model, cacheKey: true, maxTokensField: "max_completion_tokens" });
    expect(sent(own, [user("hello")], more)).toMatchObject({
      max_completion_tokens: 9,
      prompt_cache_key: "s1",
    });
  });

  test("a tool turn: calls with text arguments, results by id, pictures of results in a user message after them", () => {
    const messages = [
      user("go", image),
      assistant(
        model,
        text("Let me look."),
        call("callone00", "Read", { file_path: "x" }),
        call("calltwo00", "Read", {}),
      ),
      result("callone00", "Read", { status: "ok", content: [text("one"), image] }),
      result("calltwo00", "Read", { status: "ok", content: [image] }),
      user("and?"),
    ];
    const url = "data:image/png;base64,iVBORw0KGgo=";
    expect(sent(openaiChat({ model }), messages)["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "go" },
          { type: "image_url", image_url: { url } },
        ],
      },
      {
        role: "assistant",
        content: "Let me look.",
        tool_calls: [
          { id: "callone00", type: "function", function: { name: "Read", arguments: '{"file_path":"x"}' } },
          { id: "calltwo00", type: "function", function: { name: "Read", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "callone00", content: "one" },
      { role: "tool", tool_call_id: "calltwo00", content: "(the result follows as a picture)" },
      {
        role: "user",
        content: [
          { type: "text", text: "[From the result of Read:]" },
          { type: "image_url", image_url: { url } },
          { type: "text", text: "[From the result of Read:]" },
          { type: "image_url", image_url: { url } },
        ],
      },
      { role: "user", content: "and?" },
    ]);
  });

  test("law 10, thinking_kept_for_tool_turn: reasoning goes back in its own field, to its own model, with calls only", () => {
    const reasoning = (from: ModelRef): AssistantPart => ({
      type: "reasoning",
      text: "hm",
      replay: { model: from, data: "reasoning_content" },
    });
    const messages = [
      user("go"),
      assistant(model, reasoning(model), call("a", "Read", {})),
      result("a", "Read", "1"),
      assistant(model, reasoning(other), call("b", "Read", {})),
      result("b", "Read", "2"),
      assistant(model, reasoning(model), text("done")),
      user("more"),
    ];
    const wire = sent(openaiChat({ model }), messages)["messages"] as object[];
    expect(wire[1]).toMatchObject({ reasoning_content: "hm", content: null });
    expect(wire[3]).not.toHaveProperty("reasoning_content");
    expect(wire[5]).toEqual({ role: "assistant", content: "done" });
  });
});

describe("openai-chat: servers that differ", () => {
  const model: ModelRef = { provider: "openai", id: "m" };
  const roles = (wire: Record<string, unknown>): readonly string[] =>
    (wire["messages"] as { role: string }[]).map(({ role }) => role);

  test("Mistral: ids are nine letters and digits, the same on both sides and different from each other", () => {
    const ids = Array.from({ length: 200 }, (_, at) => `call_${at}`);
    const messages = [
      user("go"),
      assistant(model, ...ids.map((id) => call(id, "Read", {}))),
      ...ids.map((id) => result(id, "Read", "1")),
    ];
    const wire = sent(openaiChat({ model }), messages)["messages"] as Record<string, unknown>[];
    const calls = ((wire[1]?.["tool_calls"] ?? []) as { id: string }[]).map(({ id }) => id);
    for (const id of calls) expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(new Set(calls).size).toBe(200);
    expect(wire.slice(2).map((message) => message["tool_call_id"])).toEqual(calls);
  });

  test("Mistral: no user message follows a result or another one; the bytes before it stay", () => {
    const strict = openaiChat({ model, repliesBetween: true, streamOptions: false });
    const messages = [
      user("instructions"),
      user("go"),
      assistant(model, call("a", "Read", {})),
      result("a", "Read", { status: "ok", content: [text("one"), image] }),
      user("stop"),
      assistant(model, text("ok")),
      user("and?"),
    ];
    const wire = sent(strict, messages);
    expect(roles(wire)).toEqual([
      ...["user", "assistant", "user", "assistant", "tool"],
      ...["assistant", "user", "assistant", "user", "assistant", "user"],
    ]);
    expect(wire).not.toHaveProperty("stream_options");
    const bytes = (count: number): string =>
      strict
        .body(request(messages.slice(0, count)))
        .slice(0, -1)
        .join("");
    for (const count of [1, 2, 3, 5, 6]) expect(bytes(7).startsWith(bytes(count))).toBe(true);
    expect(roles(sent(openaiChat({ model }), messages))).not.toContain("Noted.");
    expect(roles(sent(openaiChat({ model }), messages))).toHaveLength(8);
  });

  test("DeepSeek: each reply goes back with reasoning, an empty one where it was another model's", () => {
    const said = (from: ModelRef): AssistantPart => ({
      type: "reasoning",
      text: "hm",
      replay: { model: from, data: "reasoning_content" },
    });
    const messages = [
      user("go"),
      assistant(model, said(model), call("a", "Read", {})),
      result("a", "Read", "1"),
      assistant(model, said(model), text("done")),
      user("more"),
      assistant(other, said(other), call("b", "Read", {})),
      result("b", "Read", "2"),
    ];
    const wire = sent(openaiChat({ model, reasoningBack: "always" }), messages)["messages"] as object[];
    expect(wire[1]).toMatchObject({ reasoning_content: "hm" });
    expect(wire[3]).toMatchObject({ content: "done", reasoning_content: "hm" });
    expect(wire[5]).toMatchObject({ reasoning_content: "" });
  });

  test("thinking_kept_for_tool_turn, law 10: what a server says with its calls goes back with them, to its model only", async () => {
    const signature = { google: { thought_signature: "c2ln" } };
    const events = [
      { tool_calls: [{ id: "x", function: { name: "Read", arguments: "{}" } }] },
      { tool_calls: [{ id: "y", function: { name: "Bash", arguments: "{}" }, extra_content: signature }] },
    ].map((delta) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`);
    const end = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n`;
    const { transport } = fakeTransport({ body: [...events, end] });
    const { message } = await collect(modelOf(openaiChat({ model }), transport), request([user("go")]));
    const wire = (protocol: Protocol): unknown =>
      (sent(protocol, [user("go"), message])["messages"] as Record<string, unknown>[])[1]?.["tool_calls"];
    expect(wire(openaiChat({ model }))).toMatchObject([
      { function: { name: "Read" } },
      { extra_content: signature },
    ]);
    expect(JSON.stringify((wire(openaiChat({ model })) as unknown[])[0])).not.toContain("c2ln");
    expect(JSON.stringify(wire(openaiChat({ model: other })))).not.toContain("c2ln");
  });

  test("thinking_kept_for_tool_turn: details of reasoning go back put together, instead of the text", async () => {
    const pieces = [
      { type: "reasoning.text", index: 0, text: "Let me ", signature: null },
      { type: "reasoning.text", index: 0, text: "think.", signature: "c2ln" },
      { type: "reasoning.encrypted", index: 1, data: "AAA" },
      { type: "reasoning.encrypted", index: 2, data: "BBB" },
    ];
    const events = [
      ...pieces.map((piece) => ({
        reasoning: "text" in piece ? piece.text : "",
        reasoning_details: [piece],
      })),
      { tool_calls: [{ index: 0, id: "x", function: { name: "Read", arguments: "{}" } }] },
    ].map((delta) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`);
    const end = `data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}\n\n`;
    const { transport } = fakeTransport({ body: [...events, end] });
    const { message } = await collect(modelOf(openaiChat({ model }), transport), request([user("go")]));
    expect(message.content[0]).toMatchObject({ type: "reasoning", text: "Let me think." });
    const back = (protocol: Protocol): Record<string, unknown> | undefined =>
      (sent(protocol, [user("go"), message])["messages"] as Record<string, unknown>[])[1];
    expect(back(openaiChat({ model }))).toMatchObject({
      reasoning_details: [
        { type: "reasoning.text", index: 0, text: "Let me think.", signature: "c2ln" },
        { type: "reasoning.encrypted", index: 1, data: "AAA" },
        { type: "reasoning.encrypted", index: 2, data: "BBB" },
      ],
    });
    expect(back(openaiChat({ model }))).not.toHaveProperty("reasoning");
    expect(back(openaiChat({ model: other }))).not.toHaveProperty("reasoning_details");
  });
});

describe("openai-responses", () => {
  const model: ModelRef = { provider: "openai-responses", id: "gpt-5" };

  test("V4: nothing is stored at the vendor, and reasoning comes encrypted", () => {
    const more = { system: "Be brief.", tools: [readTool], maxOutputTokens: 9, cacheKey: "s1" };
    expect(sent(openaiResponses({ model }), [user("hello", image, pdf)], more)).toEqual({
      model: "gpt-5",
      stream: true,
      store: false,
      include: ["reasoning.encrypted_content"],
      max_output_tokens: 9,
      prompt_cache_key: "s1",
      instructions: "Be brief.",
      tools: [
        {
          type: "function",
          name: "Read",
          description: "Reads a file.",
          parameters: readTool.inputSchema,
          strict: false,
        },
      ],
      input: [
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "hello" },
            { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=", detail: "auto" },
            { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,cGRm" },
          ],
        },
      ],
    });
  });

  test("thinking_kept_for_tool_turn, law 10: reasoning items go back to their own model, before what they led to", () => {
    const item = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "c2VjcmV0" };
    const reasoning = (from: ModelRef): AssistantPart => ({
      type: "reasoning",
      text: "hm",
      replay: { model: from, data: item },
    });
    const messages = [
      user("go"),
      assistant(
        model,
        reasoning(model),
        reasoning(other),
        text("So:"),
        call("a", "Read", {}),
        reasoning(model),
      ),
      result("a", "Read", { status: "ok", content: [text("one"), image] }),
    ];
    expect(sent(openaiResponses({ model }), messages)["input"]).toEqual([
      { type: "message", role: "user", content: [{ type: "input_text", text: "go" }] },
      item,
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "So:" }] },
      { type: "function_call", call_id: "a", name: "Read", arguments: "{}" },
      {
        type: "function_call_output",
        call_id: "a",
        output: [
          { type: "input_text", text: "one" },
          { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=", detail: "auto" },
        ],
      },
    ]);
  });
});

describe("ollama-chat", () => {
  const model: ModelRef = { provider: "ollama", id: "qwen3.5:9b" };

  test("V1 L12: the context is sized in the request, and overflow is an error instead of a silent cut", () => {
    const more = { system: "Be brief.", tools: [readTool], maxOutputTokens: 9 };
    expect(sent(ollamaChat({ model, contextTokens: 4096 }), [user("hello", image, pdf)], more)).toEqual({
      model: "qwen3.5:9b",
      stream: true,
      truncate: false,
      shift: false,
      options: { num_ctx: 4096, num_predict: 9 },
      tools: [
        {
          type: "function",
          function: { name: "Read", description: "Reads a file.", parameters: readTool.inputSchema },
        },
      ],
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: "hello\n[This file a.pdf (application/pdf) cannot be shown to this model.]",
          images: ["iVBORw0KGgo="],
        },
      ],
    });
  });

  test("a tool turn: arguments are objects, results name their tool; thinking goes back to its own model", () => {
    const reasoning = (from: ModelRef): AssistantPart => ({
      type: "reasoning",
      text: "hm",
      replay: { model: from, data: "thinking" },
    });
    const messages = [
      user("go"),
      assistant(model, reasoning(model), reasoning(other), call("a", "Read", { file_path: "x" })),
      result("a", "Read", { status: "ok", content: [text("one"), image] }),
    ];
    expect((sent(ollamaChat({ model }), messages)["messages"] as object[]).slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        thinking: "hm",
        tool_calls: [{ function: { name: "Read", arguments: { file_path: "x" } } }],
      },
      { role: "tool", content: "one", images: ["iVBORw0KGgo="], tool_name: "Read" },
    ]);
  });
});

test.each(protocolCases)("$name: a reply that said nothing is not sent back", (one) => {
  const messages = [user("go"), assistant(one.model), assistant(one.model, text("")), user("on")];
  const body = one.protocol().body(request(messages)).join("");
  expect(body).not.toContain('"role":"assistant"');
});

test.each(protocolCases)(
  "$name: parts of a text stay apart, in a prompt and in a result",
  ({ name, protocol, model }) => {
    const parts = ["One.", "Two.\n", "Three."].map(text);
    const made: AssistantPart = { type: "tool-call", id: toolCallId("c"), name: "Bash", input: {} };
    const messages = [
      user(...parts),
      assistant(model, made),
      result("c", "Bash", { status: "ok", content: parts }),
    ];
    const sent = protocol()
      .body(request(messages, { tools: [bashTool] }))
      .join("");
    if (name === "anthropic-messages") expect(sent.match(/"text":"Two\.\\n"/g)).toHaveLength(2);
    else expect(sent.match(/(?:One\.\\nTwo\.\\nThree\.)|(?:"text":"Two\.\\n")/g)).toHaveLength(2);
  },
);

test.each(protocolCases)(
  "L2 $name: a picture goes out as what it is, whatever it was called, and what is none as words",
  ({ name, protocol, model }) => {
    const base64 = (bytes: string): string => btoa(bytes.padEnd(18, "\0"));
    const pictures = {
      "image/png": base64("\x89PNG\r\n\x1a\n"),
      "image/jpeg": base64("\xff\xd8\xff\xe0"),
      "image/gif": base64("GIF89a"),
      "image/webp": base64("RIFF\x10\0\0\0WEBPVP8 "),
    };
    for (const [type, data] of Object.entries(pictures)) {
      const shown: Content = [{ type: "image", mediaType: "image/x-other", data }];
      const messages = [
        user(...shown),
        assistant(model, call("a", "Read", {})),
        result("a", "Read", { status: "ok", content: shown }),
      ];
      const body = protocol().body(request(messages)).join("");
      expect(body.split(data)).toHaveLength(3);
      if (name !== "ollama-chat") expect(body.split(type)).toHaveLength(3);
      expect(body).not.toContain("image/x-other");
    }
    for (const data of [base64("<html>"), base64("RIFF....WAVE"), "????", ""]) {
      const body = protocol()
        .body(request([user({ type: "image", mediaType: "image/png", data })]))
        .join("");
      expect(body).toContain("[This image (image/png) cannot be shown to this model.]");
    }
  },
);
