import {
  type AssistantPart,
  FaultError,
  type ModelRequest,
  plainText,
  text,
  toolCallId,
  toolCalls,
} from "@claw/agent-core";
import { modelLaws } from "@claw/agent-core/testing";
import { type AiSdkCall, type AiSdkModel, fromAiSdk, withFallback } from "@claw/agent-provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assembled, collect } from "../support/collect.ts";
import { manualClock } from "../support/manual-clock.ts";
import { assistant, bashTool, call, hello, request, result, user } from "../support/requests.ts";

interface HandMade {
  readonly model: AiSdkModel;
  readonly calls: readonly AiSdkCall[];
}

/** A model of the AI SDK that gives these parts; an `Error` among them breaks the stream there. */
function handMade(version: string, parts: readonly unknown[], provider = "maker.chat"): HandMade {
  const calls: AiSdkCall[] = [];
  const model: AiSdkModel = {
    specificationVersion: version,
    provider,
    modelId: "m-1",
    doStream: async (options) => {
      calls.push(options);
      const stream = new ReadableStream<unknown>({
        start(controller) {
          for (const part of parts) {
            if (part instanceof Error) return controller.error(part);
            controller.enqueue(part);
          }
          controller.close();
        },
      });
      return { stream, response: { headers: { "X-Request-Id": "req-1" } } };
    },
  };
  return { model, calls };
}

const usage4 = {
  inputTokens: { total: 20, noCache: 5, cacheRead: 12, cacheWrite: 3 },
  outputTokens: { total: 9, text: 5, reasoning: 4 },
};
const finish4 = (unified = "stop", raw: string | undefined = "end_turn"): object => ({
  type: "finish",
  finishReason: { unified, raw },
  usage: usage4,
});
const finish2 = (finishReason: string): object => ({
  type: "finish",
  finishReason,
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 8, reasoningTokens: 2 },
});
const say = (delta: string): readonly object[] => [
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta },
  { type: "text-end", id: "1" },
];

async function ask(made: HandMade, asked: ModelRequest = hello) {
  return await collect(fromAiSdk(made.model, { newCallId: ids() }).model, asked);
}

function ids(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `own-${count}`;
  };
}

describe("specification v4, of which no package runs on Node 20", () => {
  test("a whole reply: parts by id, reasons and usage nested, unknown parts and warnings passed over", async () => {
    const parts = [
      { type: "stream-start", warnings: [{ type: "unsupported", feature: "seed" }] },
      { type: "response-metadata", id: "r-1", timestamp: new Date(0) },
      { type: "custom", kind: "maker.thing", providerMetadata: { maker: { a: 1 } } },
      { type: "reasoning-start", id: "a" },
      { type: "reasoning-delta", id: "a", delta: "Let me " },
      { type: "text-start", id: "a" },
      { type: "text-delta", id: "a", delta: "Grüße " },
      { type: "reasoning-delta", id: "a", delta: "think." },
      { type: "text-delta", id: "a", delta: "👋" },
      { type: "reasoning-end", id: "a", providerMetadata: { maker: { signature: "s" } } },
      { type: "source", sourceType: "url", id: "s", url: "https://a.test/" },
      { type: "reasoning-file", mediaType: "image/png", data: { type: "data", data: "AAAA" } },
      { type: "tool-input-start", id: "c", toolName: "Bash" },
      { type: "tool-input-delta", id: "c", delta: '{"command":' },
      { type: "tool-input-delta", id: "c", delta: '"ls"}' },
      { type: "tool-input-end", id: "c" },
      { type: "tool-call", toolCallId: "c", toolName: "Bash", input: '{"command":"ls"}' },
      { type: "text-end", id: "a", citations: [] },
      finish4("tool-calls", "tool_use"),
    ];
    const { message, deltas } = await ask(handMade("v4", parts));
    const ref = { provider: "ai-sdk/maker.chat", id: "m-1" };
    expect(message).toEqual({
      role: "assistant",
      model: ref,
      content: [
        {
          type: "reasoning",
          text: "Let me think.",
          replay: { model: ref, data: { type: "reasoning", providerOptions: { maker: { signature: "s" } } } },
        },
        { type: "text", text: "Grüße 👋" },
        { type: "tool-call", id: "own-1", name: "Bash", input: { command: "ls" } },
      ],
      stop: { reason: "tool-calls", raw: "tool_use" },
      usage: { input: 20, output: 9, cacheRead: 12, cacheWrite: 3, reasoning: 4 },
    });
    expect(assembled(deltas)).toMatchObject([
      { type: "reasoning", text: "Let me think." },
      { type: "text", text: "Grüße 👋" },
      { type: "tool-call", text: '{"command":"ls"}', name: "Bash" },
    ]);
  });

  test("what is sent: reasoning, form and tools in the common settings, files tagged", async () => {
    const made = handMade("v4", [...say("{}"), finish4()]);
    const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
    const asked = request([user("look", image)], {
      system: "Be brief.",
      tools: [bashTool],
      maxOutputTokens: 99,
      reasoning: { effort: "low" },
      output: { schema: { type: "object" }, name: "x" },
      cacheKey: "k",
    });
    const { model } = fromAiSdk(made.model, { providerOptions: { maker: { a: 1 } } });
    await collect(model, asked);
    expect(made.calls).toEqual([
      {
        prompt: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            content: [
              { type: "text", text: "look" },
              { type: "file", mediaType: "image/png", data: { type: "data", data: "iVBORw0KGgo=" } },
            ],
          },
        ],
        abortSignal: expect.any(AbortSignal),
        maxOutputTokens: 99,
        tools: [
          {
            type: "function",
            name: "Bash",
            description: bashTool.description,
            inputSchema: bashTool.inputSchema,
          },
        ],
        responseFormat: { type: "json", schema: { type: "object" }, name: "x" },
        reasoning: "low",
        providerOptions: { maker: { a: 1 } },
      },
    ]);
  });
});

describe("what the versions say differently", () => {
  test("v2: the reason is a word, usage is flat", async () => {
    const { message } = await ask(handMade("v2", [...say("hi"), finish2("stop")]));
    expect(message).toMatchObject({
      stop: { reason: "end" },
      usage: { input: 10, output: 5, cacheRead: 8, reasoning: 2 },
    });
  });

  test.each(["anthropic.messages", "vertex.anthropic.messages", "amazon-bedrock"])(
    "v2 of %s leaves cached tokens out of its input: they are added",
    async (provider) => {
      const written = { anthropic: { cacheCreationInputTokens: 4 } };
      const parts = [...say("hi"), { ...finish2("stop"), providerMetadata: written }];
      const { message } = await ask(handMade("v2", parts, provider));
      expect(message.usage).toMatchObject({ input: 22, cacheRead: 8, cacheWrite: 4 });
    },
  );

  test("what is not reported is absent", async () => {
    const bare = {
      type: "finish",
      finishReason: { unified: "stop", raw: "stop" },
      usage: { inputTokens: {} },
    };
    expect((await ask(handMade("v3", [...say("hi"), bare]))).message.usage).toEqual({});
  });

  test.each(["v2", "v3"])("%s: files are bare base64", async (version) => {
    const made = handMade(version, [...say("hi"), version === "v2" ? finish2("stop") : finish4()]);
    const pdf = { type: "file", mediaType: "application/pdf", data: "JVBERi0=", name: "a.pdf" } as const;
    await ask(made, request([user(pdf)]));
    expect(made.calls[0]?.prompt).toEqual([
      {
        role: "user",
        content: [{ type: "file", mediaType: "application/pdf", data: "JVBERi0=", filename: "a.pdf" }],
      },
    ]);
  });

  test.each([
    ["stop", "end"],
    ["length", "length"],
    ["content-filter", "refusal"],
    ["other", "end"],
  ])("L11: the reason %s is %s", async (unified, reason) => {
    expect((await ask(handMade("v4", [...say("hi"), finish4(unified)]))).message.stop.reason).toBe(reason);
    expect((await ask(handMade("v2", [...say("hi"), finish2(unified)]))).message.stop.reason).toBe(reason);
  });

  test("other versions are refused when the model is made", () => {
    for (const version of ["v1", "v5", ""]) {
      expect(() => fromAiSdk(handMade(version, []).model)).toThrow(FaultError);
    }
  });
});

describe("L5: the end of a stream is no success by itself", () => {
  test.each([
    ["v2 without a reason", "v2", [...say("hi"), finish2("unknown")]],
    ["v4 without a reason", "v4", [...say("hi"), { ...finish4(), finishReason: { unified: "other" } }]],
    ["no finish at all", "v4", say("hi")],
  ])("%s is an interruption that keeps what came", async (_, version, parts) => {
    const { message } = await ask(handMade(version, parts));
    expect(message.stop).toMatchObject({
      reason: "error",
      error: {
        code: "interrupted",
        requestId: "req-1",
        message: expect.stringContaining("2 characters of text"),
      },
    });
    expect(plainText(message.content)).toBe("hi");
  });

  test("a reason of the vendor's that nobody knows is an end", async () => {
    const { message } = await ask(handMade("v3", [...say("hi"), finish4("other", "novel_reason")]));
    expect(message.stop).toEqual({ reason: "end", raw: "novel_reason" });
  });

  test("L11 empty_reply: nothing but thinking is a failure", async () => {
    const parts = [{ type: "reasoning-delta", id: "1", delta: "Hm." }, finish4()];
    expect((await ask(handMade("v4", parts))).message.stop).toMatchObject({ error: { code: "empty-reply" } });
  });
});

describe("tool calls", () => {
  test("W3: a call without pieces, with pieces of plain text, and two under one id", async () => {
    const parts = [
      { type: "tool-call", toolCallId: "a", toolName: "Bash", input: '{"command":"1"}' },
      { type: "tool-input-start", id: "a", toolName: "Bash", inputEncoding: "text" },
      { type: "tool-input-delta", id: "a", delta: "2" },
      { type: "tool-call", toolCallId: "a", toolName: "Bash", input: '{"command":"2"}' },
      { type: "tool-input-start", id: "b", toolName: "Bash" },
      { type: "tool-input-delta", id: "b", delta: '{"command":"3"}' },
      { type: "tool-call", toolCallId: "b", toolName: "Bash", input: '{"command":"3"}' },
      { type: "tool-call", toolCallId: "c", toolName: "Bash", input: { command: "4" } },
      finish4("tool-calls"),
    ];
    const { message } = await ask(handMade("v3", parts));
    expect(toolCalls(message).map(({ input }) => input)).toEqual(
      ["1", "2", "3", "4"].map((command) => ({ command })),
    );
    expect(new Set(toolCalls(message).map(({ id }) => id)).size).toBe(4);
  });

  test("what the provider runs by itself is not ours to run", async () => {
    const own = { providerExecuted: true, toolName: "web_search" };
    const parts = [
      { type: "tool-input-start", id: "w", ...own },
      { type: "tool-input-delta", id: "w", delta: "{}" },
      { type: "tool-call", toolCallId: "w", input: "{}", ...own },
      { type: "tool-result", toolCallId: "w", toolName: "web_search", result: [] },
      ...say("found"),
      finish4(),
    ];
    const { message } = await ask(handMade("v4", parts));
    expect(message).toMatchObject({ content: [{ type: "text", text: "found" }], stop: { reason: "end" } });
  });

  test("results go back together in one message; pictures follow as a user's; failures are errors", async () => {
    const made = handMade("v3", [...say("ok"), finish4()]);
    const model = { provider: "x", id: "y" };
    const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
    const turn = [
      user("go"),
      assistant(model, text("Looking."), call("c-1", "Read", {}), call("c-2", "Bash", { command: "ls" })),
      result("c-1", "Read", { status: "ok", content: [text("a picture:"), image], details: { secret: 1 } }),
      result("c-2", "Bash", { status: "denied", by: "user", content: [] }),
      user("and?"),
    ];
    await ask(made, request(turn));
    expect(made.calls[0]?.prompt).toEqual([
      { role: "user", content: [{ type: "text", text: "go" }] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Looking." },
          { type: "tool-call", toolCallId: "c-1", toolName: "Read", input: {} },
          { type: "tool-call", toolCallId: "c-2", toolName: "Bash", input: { command: "ls" } },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "c-1",
            toolName: "Read",
            output: { type: "text", value: "a picture:" },
          },
          {
            type: "tool-result",
            toolCallId: "c-2",
            toolName: "Bash",
            output: { type: "error-text", value: "The call was denied." },
          },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "[From the result of Read:]" },
          { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" },
        ],
      },
      { role: "user", content: [{ type: "text", text: "and?" }] },
    ]);
  });
});

describe("law 10: what a provider wants back goes back to it, and to nobody else", () => {
  const signed = (id: string): object => ({ providerMetadata: { maker: { thoughtSignature: id } } });
  const parts = [
    { type: "reasoning-start", id: "r", ...signed("r") },
    { type: "reasoning-delta", id: "r", delta: "Hm." },
    { type: "text-start", id: "t" },
    { type: "text-delta", id: "t", delta: "Looking." },
    { type: "text-end", id: "t", ...signed("t") },
    { type: "tool-call", toolCallId: "c", toolName: "Bash", input: "{}", ...signed("c") },
    finish4("tool-calls"),
  ];

  test("signatures on reasoning, text and calls", async () => {
    const made = handMade("v3", parts);
    const { message } = await ask(made);
    const [made1] = toolCalls(message);
    const answered = { ...result("x", "Bash", "done"), call: made1?.id ?? toolCallId("none") };
    const history = request([...hello.messages, message, answered]);
    await ask(made, history);
    expect(made.calls[1]?.prompt[1]).toEqual({
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", providerOptions: { maker: { thoughtSignature: "r" } } },
        { type: "text", text: "Looking.", providerOptions: { maker: { thoughtSignature: "t" } } },
        {
          type: "tool-call",
          toolCallId: made1?.id,
          toolName: "Bash",
          input: {},
          providerOptions: { maker: { thoughtSignature: "c" } },
        },
      ],
    });
    const other = handMade("v3", [...say("ok"), finish4()], "other.chat");
    await ask(other, history);
    expect(JSON.stringify(other.calls[0]?.prompt)).not.toMatch(/thoughtSignature|Hm\./);
  });
});

test.each([
  ["anthropic", false],
  ["bedrock", false],
  ["google", true],
])("reasoning that a compaction moved goes back to %s: %s", async (maker, goes) => {
  const made = handMade("v3", [...say("ok"), finish4()]);
  const ref = { provider: "ai-sdk/maker.chat", id: "m-1" };
  const data = { type: "reasoning", providerOptions: { [maker]: { signature: "c2ln" } } };
  const thought: AssistantPart = {
    type: "reasoning",
    text: "Hm.",
    replay: { model: ref, data, moved: true },
  };
  await ask(made, request([user("go"), assistant(ref, thought, text("so")), user("on")]));
  expect(JSON.stringify(made.calls[0]?.prompt).includes("c2ln")).toBe(goes);
});

describe("failures", () => {
  const apiError = (fields: object): Error =>
    Object.assign(
      new Error("the call failed"),
      { name: "AI_APICallError", url: "https://api.maker.test/v1/x" },
      fields,
    );
  const throwing = (thrown: unknown): AiSdkModel => ({
    ...handMade("v3", []).model,
    doStream: () => {
      throw thrown;
    },
  });

  test.each([
    ["an HTTP error", apiError({ statusCode: 529, responseBody: "{}" }), { code: "overloaded", status: 529 }],
    [
      "no connection",
      apiError({ cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) }),
      { code: "network", message: expect.stringContaining("api.maker.test") },
    ],
    ["no key", Object.assign(new Error("key is missing"), { name: "AI_LoadAPIKeyError" }), { code: "auth" }],
    [
      "no such model",
      Object.assign(new Error("x"), { name: "AI_NoSuchModelError" }),
      { code: "unknown-model" },
    ],
    [
      "something it cannot do",
      Object.assign(new Error("x"), { name: "AI_UnsupportedFunctionalityError" }),
      { code: "bad-request", retryable: false },
    ],
    ["anything", "oops", { code: "network", message: expect.stringContaining("oops") }],
  ])("%s, thrown at once or later, is a typed fault", async (_, thrown, expected) => {
    const { message } = await collect(fromAiSdk(throwing(thrown)).model, hello);
    expect(message.stop).toMatchObject({ reason: "error", error: expected });
    const later = { ...throwing(thrown), doStream: () => Promise.reject(thrown) };
    expect((await collect(fromAiSdk(later).model, hello)).message.stop).toEqual(message.stop);
  });

  test("keys in errors are taken out", async () => {
    const body = `{"error":{"message":"bad key sk-abcdefghijklmnop"}}`;
    const { message } = await collect(
      fromAiSdk(throwing(apiError({ statusCode: 401, responseBody: body }))).model,
      hello,
    );
    expect(JSON.stringify(message.stop)).not.toContain("sk-abcdefghijklmnop");
  });

  test.each([
    ["an error of the vendor's", { type: "overloaded_error", message: "busy" }, "overloaded"],
    ["an error in its envelope", { error: { type: "rate_limit_error", message: "slow" } }, "rate-limit"],
    ["a sentence", "the prompt is too long: 300000 tokens > 200000 maximum", "context-overflow"],
    ["an exception", apiError({ statusCode: 503, responseBody: "" }), "overloaded"],
    ["a broken answer", Object.assign(new Error("x"), { name: "AI_JSONParseError" }), "bad-response"],
    ["nothing", undefined, "bad-response"],
  ])("error_sse_event: %s inside the stream keeps what was said", async (_, error, code) => {
    const { message } = await ask(handMade("v4", [...say("hi"), { type: "error", error }]));
    expect(message.stop).toMatchObject({ reason: "error", error: { code } });
    expect(plainText(message.content)).toBe("hi");
  });

  test("a stream that breaks is interrupted; the finish reason `error` is a failure", async () => {
    const broken = await ask(handMade("v4", [new Error("lost")]));
    expect(broken.message.stop).toMatchObject({ error: { code: "interrupted", retryable: true } });
    const ended = await ask(handMade("v4", [...say("hi"), finish4("error", undefined)]));
    expect(ended.message.stop).toMatchObject({ reason: "error", error: { code: "server" } });
  });

  test("L6: a model that ignores its signal is left alone in the end", async () => {
    const clock = manualClock();
    const deaf = { ...handMade("v4", []).model, doStream: () => new Promise<never>(() => undefined) };
    const timeouts = { firstEventMs: 1000 };
    const running = collect(fromAiSdk(deaf, { clock, timeouts }).model, hello);
    await clock.waitingFor(1000);
    clock.advance(1000);
    expect((await running).message.stop).toMatchObject({ error: { code: "timeout" } });
    const controller = new AbortController();
    const stopped = collect(fromAiSdk(deaf).model, hello, controller.signal);
    controller.abort();
    expect((await stopped).message.stop).toEqual({ reason: "aborted" });
  });

  test("L7: one that never ends is cut off at its limit, and let go", async () => {
    let letGo = false;
    const endless: AiSdkModel = {
      ...handMade("v4", []).model,
      doStream: async () => ({
        stream: new ReadableStream<unknown>({
          pull: (stream) => stream.enqueue({ type: "text-delta", id: "1", delta: "and so on " }),
          cancel: () => {
            letGo = true;
          },
        }),
      }),
    };
    const { message } = await collect(fromAiSdk(endless, { maxReply: 10_000 }).model, hello);
    expect(message.stop).toMatchObject({
      error: {
        code: "bad-response",
        retryable: false,
        message: expect.stringContaining("more than 10000 characters."),
      },
    });
    expect(plainText(message.content).length).toBeLessThan(10_100);
    expect(letGo).toBe(true);
  });

  test("W1: one that ends its stream silently when it is stopped was still stopped", async () => {
    const controller = new AbortController();
    const silent: AiSdkModel = {
      ...handMade("v4", []).model,
      doStream: async ({ abortSignal }) => ({
        stream: new ReadableStream<unknown>({
          start(stream) {
            for (const part of say("Half a")) stream.enqueue(part);
            abortSignal?.addEventListener("abort", () => stream.close());
          },
        }),
      }),
    };
    const stream = fromAiSdk(silent).model(hello, controller.signal);
    await stream.next();
    controller.abort();
    const end = await stream.next();
    expect(end.value).toMatchObject({ stop: { reason: "aborted" }, content: [{ text: "Half a" }] });
  });

  test("no sequence of parts makes the reader throw", async () => {
    const words = [
      ...["text", "reasoning"].flatMap((kind) => ["start", "delta", "end"].map((edge) => `${kind}-${edge}`)),
      ...["tool-input-start", "tool-input-delta", "tool-call", "finish", "error", "custom"],
    ];
    const part = fc.record(
      {
        type: fc.constantFrom(...words),
        id: fc.constantFrom("1", "2", "__proto__"),
        delta: fc.oneof(fc.string(), fc.integer()),
        toolCallId: fc.constantFrom("1", "__proto__"),
        toolName: fc.oneof(fc.string(), fc.constant(null)),
        input: fc.anything(),
        providerMetadata: fc.anything(),
        finishReason: fc.oneof(fc.string(), fc.object()),
        usage: fc.anything(),
        error: fc.anything(),
      },
      { requiredKeys: ["type"] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(part, fc.anything())),
        fc.constantFrom("v2", "v4"),
        async (parts, version) => {
          const { message } = await ask(handMade(version, parts));
          expect(JSON.parse(JSON.stringify(message))).toEqual(message);
        },
      ),
    );
  });
});

test("a model of the AI SDK takes over from another", async () => {
  const failing = handMade("v3", [{ type: "error", error: { type: "overloaded_error", message: "busy" } }]);
  const both = withFallback([
    fromAiSdk(failing.model),
    fromAiSdk(handMade("v4", [...say("hi"), finish4()]).model),
  ]);
  const { message, deltas } = await collect(both.model, hello);
  expect(plainText(message.content)).toBe("hi");
  expect(deltas[0]).toMatchObject({ type: "retry", error: { code: "overloaded" }, fallback: {} });
});

describe("the laws of the Model port", () => {
  const laws = modelLaws(fromAiSdk(handMade("v4", [...say("hi"), finish4()]).model).model);
  test.each(laws.map((law) => [law.name, law] as const))("%s", async (_, law) => {
    await law.check();
  });
});
