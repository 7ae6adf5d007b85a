import { text } from "@claw/agent-core";
import {
  chooseProvider,
  countTokens,
  createTokenEstimator,
  fetchTransport,
  type ProviderChoice,
  type ProviderWishes,
} from "@claw/agent-provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeTransport, sentJson } from "./support/fake-transport.ts";
import { assistant, bashTool, call, hello, request, result, user } from "./support/requests.ts";
import { withMock } from "./support/wires.ts";

const asking = { transport: fetchTransport, signal: new AbortController().signal };

function choice(provider: string, env: ProviderWishes["env"]): ProviderChoice {
  const chosen = chooseProvider({ provider, env });
  if ("code" in chosen) throw new Error(chosen.message);
  return chosen;
}

describe("countTokens", () => {
  test("Anthropic counts the whole prompt, and breaks none of its own rules doing so", async () => {
    await withMock([], async (mock) => {
      const claude = choice("anthropic", { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: mock.url });
      const long = request(
        [
          user("go"),
          assistant({ provider: "x", id: "y" }, call("c-1", "Bash", { command: "ls" })),
          result("c-1", "Bash", "x".repeat(400)),
        ],
        { system: "Be brief.", tools: [bashTool], maxOutputTokens: 100, reasoning: { effort: "low" } },
      );
      const few = await countTokens(claude, hello, asking);
      const many = await countTokens(claude, long, asking);
      expect(few).toBeGreaterThan(0);
      expect(Number(many)).toBeGreaterThan(Number(few) + 100);
      expect(mock.hits.map((hit) => hit.path)).toEqual(Array(2).fill("/v1/messages/count_tokens"));
    });
  });

  test("an older model is asked with a budget, as it is when it has to answer", async () => {
    const fake = fakeTransport({ body: [`{"input_tokens":5}`] });
    const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_MODEL: "claude-sonnet-4-5" };
    const prompt = { ...hello, reasoning: { effort: "low" } } as const;
    expect(
      await countTokens(choice("anthropic", env), prompt, { ...asking, transport: fake.transport }),
    ).toBe(5);
    const sent = sentJson(fake.requests[0]);
    expect(sent).toMatchObject({ thinking: { type: "enabled", budget_tokens: 4000 } });
    expect(sent).not.toHaveProperty("output_config");
  });

  test("L2: a refusal is a typed fault", async () => {
    await withMock(
      [],
      async (mock) => {
        const claude = choice("anthropic", { ANTHROPIC_API_KEY: "wrong", ANTHROPIC_BASE_URL: mock.url });
        expect(await countTokens(claude, hello, asking)).toMatchObject({ code: "auth", retryable: false });
      },
      { keys: ["right"] },
    );
  });

  test.each(["openai", "openai-responses", "ollama", "stub"])(
    "%s has no such service, and is not asked",
    async (provider) => {
      await withMock([], async (mock) => {
        const env = { OPENAI_BASE_URL: mock.url, OLLAMA_HOST: mock.url };
        expect(await countTokens(choice(provider, env), hello, asking)).toBeUndefined();
        expect(mock.hits).toEqual([]);
      });
    },
  );
});

describe("createTokenEstimator", () => {
  const estimator = createTokenEstimator();

  test.each([
    ["prose", "The quick brown fox jumps over the lazy dog. ".repeat(20), 1],
    ["Chinese, by bytes", "模型上下文窗口的大小决定了可以保留多少内容。".repeat(20), 1],
    ["TypeScript", "export function sum(a: number, b: number): number {\n  return a + b;\n}\n".repeat(10), 1],
    ["JSON", JSON.stringify(Array.from({ length: 40 }, (_, id) => ({ id, ok: true, tag: "a" }))), 1.6],
    ["minified code", "var a=b(c),d=e.f(g)||{};if(d.h){return i(j,k)}l.m=n=>o[p];".repeat(10), 1.6],
    ["a log", "2026-11-01T12:34:56.789Z INFO 10.0.0.1 GET /a/b 200 1234\n".repeat(20), 1.95],
    ["base64", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ".repeat(20), 2.7],
  ])(
    "%s counts as what it is: a quarter of its bytes, times what tokenisers make of it",
    (_, sample, factor) => {
      const bytes = new TextEncoder().encode(sample).byteLength;
      expect(estimator.text(sample)).toBe(Math.ceil((bytes / 4) * factor));
    },
  );

  test("a part never takes less than nothing, and more text never less than less text of its kind", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (sample) => {
        const tokens = estimator.text(sample);
        expect(tokens).toBeGreaterThanOrEqual(0);
        expect(estimator.text(sample.repeat(20))).toBeGreaterThanOrEqual(tokens);
      }),
    );
  });

  test("it learns from what a model reports, for that model only", () => {
    const learning = createTokenEstimator();
    const model = { provider: "anthropic", id: "a" };
    const other = { provider: "anthropic", id: "b" };
    const plain = learning.request(hello);
    for (let turn = 0; turn < 20; turn += 1) learning.learn(hello, model, { input: plain * 2 });
    expect(learning.request(hello, model)).toBe(plain * 2);
    expect(learning.request(hello, other)).toBe(plain);
    expect(learning.request(hello)).toBe(plain);
  });

  test("nonsense teaches nothing, and an outlier little", () => {
    const learning = createTokenEstimator();
    const model = { provider: "x", id: "y" };
    const plain = learning.request(hello);
    learning.learn(hello, model, {});
    learning.learn(hello, model, { input: 0 });
    learning.learn(hello, model, { input: Number.NaN });
    expect(learning.request(hello, model)).toBe(plain);
    learning.learn(hello, model, { input: plain * 1_000_000 });
    expect(learning.request(hello, model)).toBeLessThanOrEqual(plain * 4);
  });

  test("everything that is sent counts: system, tools, pictures, documents, calls and results", () => {
    const count = (more: Parameters<typeof request>): number => estimator.request(request(...more));
    const base = count([[user("hi")]]);
    const image = { type: "image", mediaType: "image/png", data: "AAAA" } as const;
    const pdf = { type: "file", mediaType: "application/pdf", data: "A".repeat(670_000) } as const;
    expect(count([[user("hi")], { system: "Be brief." }])).toBeGreaterThan(base);
    expect(count([[user("hi")], { tools: [bashTool] }])).toBeGreaterThan(base + 20);
    expect(count([[user("hi", image)]]) - base).toBe(1600);
    expect(count([[user("hi", pdf)]]) - base).toBe(20_000);
    const model = { provider: "x", id: "y" };
    const turn = [
      assistant(model, text("ok"), call("c", "Bash", { command: "ls" })),
      result("c", "Bash", "a"),
    ];
    expect(count([[user("hi"), ...turn]])).toBeGreaterThan(base + 10);
  });
});
