import type { JsonObject, ModelRequest } from "@claw/agent-core";
import { plainText, text, toolCallId } from "@claw/agent-core";
import {
  anthropicMessages,
  ollamaChat,
  openaiChat,
  openaiResponses,
  type Protocol,
} from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { assistant, bashTool, call, hello, request, result, user } from "./support/requests.ts";
import { modelAt, type WireCase, wireCases, withMock } from "./support/wires.ts";

type Effort = NonNullable<ModelRequest["reasoning"]>["effort"];

const thinking = (effort: Effort, more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...hello,
  reasoning: { effort },
  ...more,
});

/** What a protocol sends for a request, as the vendor's server saw and accepted it. */
async function sent(protocol: Protocol, asked: ModelRequest): Promise<JsonObject> {
  let body: JsonObject = {};
  await withMock([{ text: "ok" }], async (mock) => {
    const { message } = await collect(modelAt(mock, protocol), asked);
    expect(message.stop.reason).toBe("end");
    body = mock.requests[0]?.body ?? {};
  });
  return body;
}

const claude = { provider: "anthropic", id: "claude-opus-4" };
const gptOss = { provider: "ollama", id: "gpt-oss:20b" };

describe("reasoning: one wish, each vendor's own words", () => {
  const rows: readonly (readonly [string, () => Protocol, Effort, JsonObject])[] = [
    [
      "anthropic, adaptive",
      () => anthropicMessages({ model: claude }),
      "high",
      {
        thinking: { type: "adaptive", display: "summarized" },
        output_config: { effort: "high" },
        max_tokens: 8192,
      },
    ],
    [
      "anthropic, a model that always thinks",
      () => anthropicMessages({ model: claude, thinking: "always" }),
      "low",
      { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    ],
    [
      "anthropic, a model that thinks between calls at least",
      () => anthropicMessages({ model: claude, thinking: "between-tools" }),
      "none",
      { thinking: { type: "between_tools" } },
    ],
    [
      "anthropic, budget: on top of the limit for the answer",
      () => anthropicMessages({ model: claude, thinking: "budget" }),
      "low",
      { thinking: { type: "enabled", budget_tokens: 4000 }, max_tokens: 12_192 },
    ],
    [
      "anthropic, budget: no more than the model can write",
      () =>
        anthropicMessages({
          model: claude,
          thinking: "budget",
          maxOutputTokens: 32_000,
          outputCeiling: 32_000,
        }),
      "high",
      { thinking: { type: "enabled", budget_tokens: 24_000 }, max_tokens: 32_000 },
    ],
    [
      "anthropic, none",
      () => anthropicMessages({ model: claude }),
      "none",
      { thinking: { type: "disabled" }, max_tokens: 8192 },
    ],
    ["openai-chat", () => openaiChat({ model: claude }), "medium", { reasoning_effort: "medium" }],
    ["openai-chat, none", () => openaiChat({ model: claude }), "none", { reasoning_effort: "none" }],
    [
      "openai-responses",
      () => openaiResponses({ model: claude }),
      "low",
      { reasoning: { effort: "low", summary: "auto" } },
    ],
    [
      "openai-responses, none",
      () => openaiResponses({ model: claude }),
      "none",
      { reasoning: { effort: "none" } },
    ],
    [
      "openai-responses without summaries",
      () => openaiResponses({ model: claude, reasoningSummary: false }),
      "high",
      { reasoning: { effort: "high" } },
    ],
    ["ollama-chat", () => ollamaChat({ model: claude }), "low", { think: true }],
    ["ollama-chat, none", () => ollamaChat({ model: claude }), "none", { think: false }],
    ["ollama-chat, a model with levels", () => ollamaChat({ model: gptOss }), "low", { think: "low" }],
  ];

  test.each(rows)("%s", async (_, protocol, effort, fields) => {
    expect(await sent(protocol(), thinking(effort))).toMatchObject(fields);
  });

  test.each(wireCases)("$name: nothing asked, nothing sent", async ({ protocol }) => {
    const body = await sent(protocol(), hello);
    for (const field of [
      "thinking",
      "output_config",
      "reasoning_effort",
      "reasoning",
      "think",
      "temperature",
    ]) {
      expect(body).not.toHaveProperty(field);
    }
  });

  test("a budget leaves room for the answer, however small the limits", async () => {
    for (const [maxOutputTokens, outputCeiling] of [
      [1, 1],
      [100, 2048],
      [8192, 8192],
      [4096, undefined],
    ] as const) {
      const protocol = anthropicMessages({
        model: claude,
        thinking: "budget",
        ...(outputCeiling === undefined ? {} : { outputCeiling }),
      });
      const body = await sent(protocol, thinking("high", { maxOutputTokens }));
      const budget = body["thinking"];
      expect(budget).toMatchObject({ type: "enabled" });
    }
  });

  test.each([
    ollamaChat({ model: gptOss }),
    anthropicMessages({ model: { provider: "anthropic", id: "claude-opus-5-5" }, thinking: "always" }),
  ])("what a model cannot do is a typed fault, and nothing is sent: $name", async (protocol) => {
    await withMock([], async (mock) => {
      const { message } = await collect(modelAt(mock, protocol), thinking("none"));
      expect(message.stop).toMatchObject({
        reason: "error",
        error: { code: "bad-request", retryable: false, message: expect.stringContaining("always thinks") },
      });
      expect(mock.hits).toEqual([]);
    });
  });

  test("a vendor's refusal to think is its own error, typed", async () => {
    const only = { models: [{ id: "mock-model", capabilities: ["tools"] }] };
    await withMock(
      [],
      async (mock) => {
        const one = wireCases.find(({ name }) => name === "ollama-chat");
        if (one === undefined) throw new Error("no case");
        const { message } = await collect(modelAt(mock, one.protocol()), thinking("high"));
        expect(message.stop).toMatchObject({
          error: { code: "bad-request", message: expect.stringContaining("does not support thinking") },
        });
      },
      only,
    );
  });

  test("anthropic, budget: a turn that another model began without thinking is finished without", async () => {
    const protocol = anthropicMessages({ model: claude, thinking: "budget" });
    const other = { provider: "openai", id: "gpt-5" };
    const turn = [
      user("go"),
      assistant(other, call("call-1", "Bash", { command: "ls" })),
      result("call-1", "Bash", "a.txt"),
    ];
    const inside = await sent(protocol, thinking("high", { messages: turn, tools: [bashTool] }));
    expect(inside).not.toHaveProperty("thinking");
    const after = [...turn, assistant(other, text("Done.")), user("more")];
    expect(await sent(protocol, thinking("high", { messages: after, tools: [bashTool] }))).toMatchObject({
      thinking: { type: "enabled" },
    });
  });

  test("R1 thinking_kept_for_tool_turn: with a budget, the turn's thinking goes back first", async () => {
    const script = [
      { reasoning: "Look.", toolCalls: [{ name: "Bash", input: { command: "ls" } }] },
      { reasoning: "Seen.", text: "Done." },
    ];
    await withMock(script, async (mock) => {
      const model = modelAt(mock, anthropicMessages({ model: claude, thinking: "budget" }));
      const asked = thinking("low", { tools: [bashTool] });
      const { message } = await collect(model, asked);
      const [, made] = message.content;
      if (made?.type !== "tool-call") throw new Error("no call");
      const messages = [
        ...hello.messages,
        message,
        { ...result("x", "Bash", "a.txt"), call: toolCallId(made.id) },
      ];
      const { message: last } = await collect(model, { ...asked, messages });
      expect(plainText(last.content)).toBe("Done.");
      expect(mock.requests[1]?.body).toMatchObject({ thinking: { type: "enabled" } });
    });
  });
});

describe("output: the answer as JSON of a schema", () => {
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const loose = { type: "object", properties: { city: { type: "string" } } };
  const named = { name: "place name", schema };

  const fields: Readonly<Record<WireCase["name"], (schema: JsonObject, strict: boolean) => JsonObject>> = {
    "anthropic-messages": (schema) => ({ output_config: { format: { type: "json_schema", schema } } }),
    "openai-chat": (schema, strict) => ({
      response_format: { type: "json_schema", json_schema: { schema, strict } },
    }),
    "openai-responses": (schema, strict) => ({ text: { format: { type: "json_schema", schema, strict } } }),
    "ollama-chat": (schema) => ({ format: schema }),
  };

  test.each(wireCases)("$name", async ({ name, protocol }) => {
    expect(await sent(protocol(), { ...hello, output: named })).toMatchObject(fields[name](schema, true));
    expect(await sent(protocol(), { ...hello, output: { schema: loose } })).toMatchObject(
      fields[name](loose, false),
    );
  });

  test.each(["openai-chat", "openai-responses"])("%s: the name fits the vendor's alphabet", async (wire) => {
    const one = wireCases.find(({ name }) => name === wire);
    if (one === undefined) throw new Error("no case");
    const body = JSON.stringify(await sent(one.protocol(), { ...hello, output: named }));
    expect(/"name":"([A-Za-z0-9_-]{1,64})"/.exec(body)?.[1]).toMatch(/^place_name/);
  });

  test.each([
    ["an object that allows more", { ...schema, additionalProperties: true }, false],
    ["an optional property", { ...schema, required: [] }, false],
    ["a looser object inside", { ...schema, properties: { city: loose } }, false],
    [
      "a looser object in a list",
      { ...schema, properties: { city: { type: "array", items: loose } } },
      false,
    ],
    ["a closed object inside", { ...schema, properties: { city: schema } }, true],
    ["no object at all", { type: "array", items: { type: "string" } }, true],
  ] as const)("strict is claimed only where it holds: %s", async (_, wanted, strict) => {
    const body = await sent(openaiChat({ model: claude }), { ...hello, output: { schema: wanted } });
    expect(body).toMatchObject({ response_format: { json_schema: { strict } } });
  });

  test("anthropic: effort and form share a field", async () => {
    const asked = { ...thinking("low"), output: { schema } };
    expect(await sent(anthropicMessages({ model: claude }), asked)).toMatchObject({
      output_config: { effort: "low", format: { type: "json_schema", schema } },
    });
  });
});

test.each(wireCases)("V7 $name: the wishes change nothing of the messages' bytes", async ({ protocol }) => {
  const one = protocol();
  const tail = (asked: ModelRequest): string => {
    const body = one.body(asked).join("");
    return body.slice(body.search(/"(messages|input)":\[/));
  };
  const more = request([user("hello"), assistant(one.model, text("hi")), user("and?")]);
  const wishes = { reasoning: { effort: "high" }, output: { schema: { type: "object" } } } as const;
  expect(tail({ ...more, ...wishes })).toBe(tail(more));
});
