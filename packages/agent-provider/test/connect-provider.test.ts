import { plainText, text } from "@claw/agent-core";
import {
  type Connected,
  type ConnectOptions,
  chooseProvider,
  connectProvider,
  isFault,
  listModels,
  type ProviderWishes,
  parseStubScript,
  probeProvider,
} from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { type FakeAnswer, type FakeTransport, fakeTransport, sentJson } from "./support/fake-transport.ts";
import { assistant, hello, request, user } from "./support/requests.ts";

const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
const signal = new AbortController().signal;

function choice(env: ProviderWishes["env"], flags: Partial<ProviderWishes> = {}) {
  const chosen = chooseProvider({ env, ...flags });
  if ("code" in chosen) throw new Error(chosen.message);
  return chosen;
}

async function connect(
  env: ProviderWishes["env"],
  flags: Partial<ProviderWishes>,
  fake: FakeTransport,
  more: Partial<ConnectOptions> = {},
) {
  return await connectProvider(choice(env, flags), { transport: fake.transport, signal, ...more });
}

function works(result: Awaited<ReturnType<typeof connect>>): Connected {
  if (isFault(result)) throw new Error(result.message);
  return result;
}

const json = (value: unknown): FakeAnswer => ({
  headers: { "content-type": "application/json" },
  body: [JSON.stringify(value)],
});
const show = json({ model_info: { "general.architecture": "qwen3", "qwen3.context_length": 40_960 } });
const ollamaReply: FakeAnswer = {
  body: [
    `{"message":{"content":"hi"},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":1}\n`,
  ],
};
const claudeReply = json({
  content: [{ type: "text", text: "hi" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 1000, output_tokens: 100 },
});
const gptReply = json({
  choices: [{ message: { content: "hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1000, completion_tokens: 100 },
});

describe("V3: Anthropic", () => {
  test("nothing is asked before the first request, which carries key and version", async () => {
    const fake = fakeTransport(claudeReply);
    const connected = works(await connect({ ANTHROPIC_API_KEY: "sk-ant-1" }, {}, fake));
    expect(fake.requests).toHaveLength(0);
    expect(connected).toMatchObject({
      ref: { provider: "anthropic", id: "claude-sonnet-4-20250514" },
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
    });
    const { message } = await collect(connected.model, hello);
    expect(message.usage.cost).toBe(4500);
    expect(fake.requests[0]).toMatchObject({
      url: "https://api.anthropic.com/v1/messages",
      headers: { "x-api-key": "sk-ant-1", "anthropic-version": "2023-06-01", accept: "text/event-stream" },
    });
    expect(sentJson(fake.requests[0])["max_tokens"]).toBe(32_000);
  });

  test("at a custom address the price is not known", async () => {
    const env = { ANTHROPIC_AUTH_TOKEN: "tok", ANTHROPIC_BASE_URL: "https://gateway.test/v1/" };
    const fake = fakeTransport(claudeReply);
    const { message } = await collect(
      works(await connect(env, { provider: "anthropic" }, fake)).model,
      hello,
    );
    expect(message.usage).not.toHaveProperty("cost");
    expect(fake.requests[0]).toMatchObject({
      url: "https://gateway.test/v1/messages",
      headers: { authorization: "Bearer tok" },
    });
    expect(fake.requests[0]?.headers).not.toHaveProperty("x-api-key");
  });
});

describe("the price", () => {
  const gateway = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "https://gateway.test" };
  const price = { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 };

  test.each([
    ["a known model at a custom address: unknown", gateway, {}, undefined],
    ["a known model at a custom address, told", gateway, { price }, 1200],
    ["the table's is overruled by what is told", { ANTHROPIC_API_KEY: "k" }, { price }, 1200],
    ["an unknown model at its vendor's", { ANTHROPIC_API_KEY: "k", ANTHROPIC_MODEL: "new" }, {}, undefined],
  ])("%s", async (_, env, more, cost) => {
    const connected = works(await connect(env, {}, fakeTransport(claudeReply), more));
    expect((await collect(connected.model, hello)).message.usage.cost).toBe(cost);
  });

  test("what is known of a model beside its price holds at any address", async () => {
    expect(works(await connect(gateway, {}, fakeTransport(claudeReply)))).toMatchObject({
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
    });
  });
});

test.each([
  ["claude-sonnet-4-20250514", { thinking: { type: "enabled", budget_tokens: 32_000 }, max_tokens: 64_000 }],
  ["claude-opus-4-1", { thinking: { type: "enabled", budget_tokens: 24_000 }, max_tokens: 32_000 }],
  [
    "claude-opus-5-5",
    { thinking: { type: "adaptive" }, output_config: { effort: "high" }, max_tokens: 32_000 },
  ],
  ["claude-of-tomorrow", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
])("%s is told to think in the way it knows", async (model, fields) => {
  const fake = fakeTransport(claudeReply);
  const connected = works(await connect({ ANTHROPIC_API_KEY: "k" }, { model }, fake));
  await collect(connected.model, { ...hello, reasoning: { effort: "high" } });
  expect(sentJson(fake.requests[0])).toMatchObject(fields);
});

describe("V1: Ollama", () => {
  test("the model's context is asked for, and used in requests; it costs nothing", async () => {
    const fake = fakeTransport(show, ollamaReply);
    const connected = works(await connect({ OLLAMA_CONTEXT_LENGTH: "65536" }, {}, fake));
    expect(connected).toMatchObject({ ref: { provider: "ollama", id: "qwen3.5:9b" }, contextWindow: 40_960 });
    const { message } = await collect(connected.model, hello);
    expect(message.usage).toEqual({ input: 9, output: 1, cost: 0 });
    expect(fake.requests.map((one) => one.url)).toEqual([
      "http://localhost:11434/api/show",
      "http://localhost:11434/api/chat",
    ]);
    expect(sentJson(fake.requests[1])["options"]).toEqual({ num_ctx: 40_960 });
  });

  test("a server that does not tell gets a context of 32,768 tokens", async () => {
    const fake = fakeTransport({ status: 404, body: ["404 page not found"] }, ollamaReply);
    expect(works(await connect({}, {}, fake)).contextWindow).toBe(32_768);
  });

  test("a model that is not there: how to get it", async () => {
    const missing: FakeAnswer = { ...json({ error: "model 'nope' not found" }), status: 404 };
    expect(await connect({}, { model: "nope" }, fakeTransport(missing))).toMatchObject({
      code: "unknown-model",
      hint: "Get it with `ollama pull nope`.",
    });
  });

  test("not running, and asked for: how to start it", async () => {
    expect(await connect({}, { provider: "ollama" }, fakeTransport(refused))).toMatchObject({
      code: "network",
      message: expect.stringContaining("Ollama at localhost:11434 cannot be reached"),
      hint: "Start it with `ollama serve`.",
    });
  });

  test("not running, and nobody chose it: the three ways on", async () => {
    const fault = await connect({}, {}, fakeTransport(refused));
    expect(fault).toMatchObject({ code: "no-provider" });
    expect(isFault(fault) && fault.hint).toMatch(
      /ollama serve.*ollama pull.*ANTHROPIC_API_KEY.*--provider stub/,
    );
  });

  test("V6: a model without tools is a readable error", async () => {
    const refusal: FakeAnswer = {
      ...json({ error: "registry.ollama.ai/library/gemma:2b does not support tools" }),
      status: 400,
    };
    const connected = works(await connect({}, { model: "gemma:2b" }, fakeTransport(show, refusal)));
    const { message } = await collect(connected.model, hello);
    expect(message.stop).toMatchObject({
      error: {
        code: "bad-request",
        message: expect.stringContaining("gemma:2b does not support tools"),
        hint: expect.stringContaining("can call tools"),
      },
    });
  });

  test("cancelled while asking", async () => {
    const controller = new AbortController();
    const connecting = connectProvider(choice({}), {
      transport: () => new Promise(() => undefined),
      signal: controller.signal,
    });
    controller.abort();
    expect(await connecting).toMatchObject({ code: "cancelled" });
  });
});

describe("V4: OpenAI and compatible servers", () => {
  const local = { OPENAI_BASE_URL: "http://localhost:8000/v1" };

  test("its own address gets its own fields and prices", async () => {
    const fake = fakeTransport(gptReply);
    const connected = works(
      await connect({ OPENAI_API_KEY: "k" }, { provider: "openai", model: "gpt-5" }, fake),
    );
    const { message } = await collect(
      connected.model,
      request([user("x")], { maxOutputTokens: 5, cacheKey: "s" }),
    );
    expect(message.usage.cost).toBe(2250);
    expect(fake.requests[0]).toMatchObject({
      url: "https://api.openai.com/v1/chat/completions",
      headers: { authorization: "Bearer k" },
    });
    expect(sentJson(fake.requests[0])).toMatchObject({ max_completion_tokens: 5, prompt_cache_key: "s" });
  });

  test("another address gets only what everybody knows, without a key", async () => {
    const fake = fakeTransport(gptReply);
    const connected = works(await connect(local, { provider: "openai", model: "gpt-5" }, fake));
    const { message } = await collect(
      connected.model,
      request([user("x")], { maxOutputTokens: 5, cacheKey: "s" }),
    );
    expect(message.usage).not.toHaveProperty("cost");
    expect(fake.requests[0]?.url).toBe("http://localhost:8000/v1/chat/completions");
    expect(fake.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(sentJson(fake.requests[0])).toMatchObject({ max_tokens: 5 });
    expect(sentJson(fake.requests[0])).not.toHaveProperty("prompt_cache_key");
  });

  test.each([
    ["https://api.mistral.ai/v1", "codestral-latest", true, false],
    ["https://openrouter.test/api/v1", "mistralai/devstral-small", true, true],
    ["https://notmistral.ai/v1", "llama-4", false, true],
  ])("Mistral's model or server: %s %s", async (address, model, between, usage) => {
    const fake = fakeTransport(gptReply);
    const env = { OPENAI_BASE_URL: address, OPENAI_API_KEY: "k" };
    const connected = works(await connect(env, { provider: "openai", model }, fake));
    await collect(connected.model, request([user("one"), user("two")]));
    const body = sentJson(fake.requests[0]);
    expect(body["messages"]).toHaveLength(between ? 3 : 2);
    expect("stream_options" in body).toBe(usage);
  });

  test.each([
    ["https://api.deepseek.com", true],
    ["https://api.moonshot.cn/v1", true],
    ["https://notdeepseek.com", false],
  ])("%s: each reply goes back with reasoning: %s", async (address, always) => {
    const fake = fakeTransport(gptReply);
    const env = { OPENAI_BASE_URL: address, OPENAI_API_KEY: "k" };
    const connected = works(await connect(env, { provider: "openai", model: "m" }, fake));
    const said = assistant({ provider: "x", id: "y" }, text("hi"));
    await collect(connected.model, request([user("one"), said, user("two")]));
    expect(sentJson(fake.requests[0])["messages"]).toMatchObject([
      {},
      always ? { reasoning_content: "" } : {},
      {},
    ]);
    expect(JSON.stringify(sentJson(fake.requests[0])).includes("reasoning_content")).toBe(always);
  });

  test("openai-responses goes to its own path", async () => {
    const fake = fakeTransport(
      json({
        status: "completed",
        output: [{ type: "message", content: [{ type: "output_text", text: "hi" }] }],
      }),
    );
    const connected = works(await connect(local, { provider: "openai-responses", model: "m" }, fake));
    await collect(connected.model, hello);
    expect(fake.requests[0]?.url).toBe("http://localhost:8000/v1/responses");
  });

  test("C3: no model named: the only one that the server lists", async () => {
    const fake = fakeTransport(json({ data: [{ id: "only-one" }] }), gptReply);
    const connected = works(await connect(local, { provider: "openai" }, fake));
    expect(connected.ref).toEqual({ provider: "openai", id: "only-one" });
    expect(fake.requests[0]).toMatchObject({ method: "GET", url: "http://localhost:8000/v1/models" });
  });

  test("C3: no model named and several listed: a fault with the list", async () => {
    const fake = fakeTransport(json({ data: [{ id: "a" }, { id: "b" }] }));
    expect(await connect(local, { provider: "openai" }, fake)).toMatchObject({
      code: "no-model",
      message: "No model was chosen. The server has: a, b.",
    });
    expect(await connect(local, { provider: "openai" }, fakeTransport(json({ data: [] })))).toMatchObject({
      code: "no-model",
    });
    expect(await connect(local, { provider: "openai" }, fakeTransport(refused))).toMatchObject({
      code: "network",
    });
  });
});

describe("V5: the stub", () => {
  test("needs nobody, and costs nothing", async () => {
    const fake = fakeTransport(refused);
    const connected = works(await connect({}, { provider: "stub" }, fake));
    const { message } = await collect(connected.model, hello);
    expect(plainText(message.content)).toMatch(/^\[stub provider\]/);
    expect(message.usage).toEqual({ input: 0, output: 0, cost: 0 });
    expect(connected.ref).toEqual({ provider: "stub", id: "stub" });
  });

  test("says what a script tells it, and is retried like any other", async () => {
    const stubScript = parseStubScript(`{"error":{"code":"server","retryable":true}}\n{"text":"hi"}`);
    if (isFault(stubScript)) throw new Error(stubScript.message);
    const retry = { baseDelayMs: 0 };
    const connected = works(
      await connect({}, { provider: "stub" }, fakeTransport(refused), { stubScript, retry }),
    );
    const { message, deltas } = await collect(connected.model, hello);
    expect(message.content).toEqual([{ type: "text", text: "hi" }]);
    expect(deltas[0]).toMatchObject({ type: "retry" });
  });
});

describe("listModels and probeProvider", () => {
  const ask = (fake: FakeTransport) => ({ transport: fake.transport, signal });

  test("each provider's list", async () => {
    const tags = fakeTransport(json({ models: [{ name: "qwen3.5:9b" }, { name: "llama:latest" }] }));
    expect(await listModels(choice({}), ask(tags))).toEqual([{ id: "qwen3.5:9b" }, { id: "llama:latest" }]);
    expect(tags.requests[0]?.url).toBe("http://localhost:11434/api/tags");
    const claudes = fakeTransport(json({ data: [{ id: "claude-x" }], has_more: false }));
    expect(await listModels(choice({ ANTHROPIC_API_KEY: "k" }), ask(claudes))).toEqual([{ id: "claude-x" }]);
    expect(claudes.requests[0]).toMatchObject({
      url: "https://api.anthropic.com/v1/models?limit=1000",
      headers: { "x-api-key": "k", "anthropic-version": "2023-06-01" },
    });
    expect(await listModels(choice({}, { provider: "stub" }), ask(tags))).toEqual([{ id: "stub" }]);
  });

  test("a list without an object around it, as Together sends it", async () => {
    const list = {
      headers: { "content-type": "application/json" },
      body: [`[{"id":"a","context_length":9}]`],
    };
    const local = { OPENAI_BASE_URL: "http://localhost:8000" };
    expect(await listModels(choice(local, { provider: "openai" }), ask(fakeTransport(list)))).toEqual([
      { id: "a", contextWindow: 9 },
    ]);
  });

  test("a provider that answers, with and without the model", async () => {
    const tags = json({ models: [{ name: "llama:latest" }] });
    expect(await probeProvider(choice({}, { model: "llama" }), ask(fakeTransport(tags)))).toEqual({
      reachable: true,
      models: ["llama:latest"],
      hasModel: true,
    });
    expect(await probeProvider(choice({}), ask(fakeTransport(tags)))).toMatchObject({ hasModel: false });
  });

  test("one that refuses the key is reachable; one that is away is not", async () => {
    const denied = { ...json({ error: { type: "authentication_error", message: "no" } }), status: 401 };
    expect(await probeProvider(choice({ ANTHROPIC_API_KEY: "k" }), ask(fakeTransport(denied)))).toMatchObject(
      {
        reachable: true,
        fault: { code: "auth", hint: expect.stringContaining("ANTHROPIC_API_KEY") },
      },
    );
    expect(await probeProvider(choice({}), ask(fakeTransport(refused)))).toMatchObject({
      reachable: false,
      models: [],
      fault: { code: "network", hint: "Start it with `ollama serve`." },
    });
  });

  test("an answer that is no JSON is a fault", async () => {
    const page = fakeTransport({ headers: { "content-type": "text/html" }, body: ["<html>"] });
    expect(await listModels(choice({}), ask(page))).toMatchObject({ code: "bad-response" });
  });
});

describe("L2 L13: what to do about a failure, for each vendor", () => {
  const answers: readonly (readonly [string, number, object, RegExp])[] = [
    [
      "a wrong key",
      401,
      { type: "invalid_api_key", message: "no" },
      /OPENAI_API_KEY|ANTHROPIC_API_KEY|OPENAI_BASE_URL/,
    ],
    ["an unknown model", 404, { message: "model x not found" }, /claw models|ollama pull qwen/],
    ["too many requests", 429, { message: "slow down" }, /later.*--fallback-model/],
    ["no money", 429, { code: "insufficient_quota", message: "no" }, /plan and the balance/],
    ["an overload", 529, { message: "busy" }, /later.*--fallback-model/],
    ["a fault of its own", 500, { message: "oops" }, /later.*--fallback-model/],
    ["too small a machine", 500, { message: "model requires more system memory" }, /smaller model/],
    ["a conversation that is too long", 413, { message: "too large" }, /make it shorter/],
  ];
  const choices = [
    choice({ ANTHROPIC_API_KEY: "k" }),
    choice({ OPENAI_API_KEY: "k" }, { provider: "openai", model: "gpt-5" }),
    choice({ OPENAI_API_KEY: "k" }, { provider: "openai-responses", model: "gpt-5" }),
    choice({}),
  ];

  test.each(answers)("%s", async (_, status, error, hint) => {
    for (const one of choices) {
      const failure = { ...json({ error }), status };
      const { transport } = one.provider === "ollama" ? fakeTransport(show, failure) : fakeTransport(failure);
      const connected = await connectProvider(one, { transport, signal, retry: { maxAttempts: 1 } });
      const { message } = await collect(works(connected).model, hello);
      expect(message.stop).toMatchObject({ error: { hint: expect.stringMatching(hint) } });
    }
  });
});
