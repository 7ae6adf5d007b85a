import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { availableModels, createAgent, type Model } from "@claw/agent-sdk";
import { startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-context-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const env = (more: Readonly<Record<string, string>> = {}) => ({
  HOME: folder,
  CLAW_HOME: join(folder, "home"),
  ...more,
});

test("the context is estimated from the start, and from the vendor's own count once there was a reply", async () => {
  const usage = { input: 5_000, output: 10 };
  await using mock = await startMockModel({ script: [{ text: "one", usage }], models: ["qwen3.5:9b"] });
  await using agent = await createAgent({ provider: "ollama", ollamaUrl: mock.url, cwd: folder, env: env() });
  const before = await agent.context();
  expect(before).toMatchObject({ by: "estimate", window: 32_768 });
  expect(before.tokens).toBeGreaterThan(500);
  await agent.run("hi").result;
  const after = await agent.context();
  expect(after.tokens).toBeGreaterThan(5_000);
  expect(after.tokens).toBeLessThan(5_200);
});

test("Anthropic counts it exactly when it is asked to, and its window is known", async () => {
  await using mock = await startMockModel({ script: [{ text: "one" }] });
  const around = env(mock.env);
  await using agent = await createAgent({ cwd: folder, env: around });
  await agent.run("hi").result;
  expect(await agent.context()).toMatchObject({ by: "estimate", window: 200_000 });
  expect(mock.hits.filter(({ path }) => path.includes("count_tokens"))).toEqual([]);
  const exact = await agent.context({ exact: true });
  expect(exact).toMatchObject({ by: "vendor", tokens: expect.any(Number) });
  expect(mock.hits.filter(({ path }) => path.includes("count_tokens"))).toHaveLength(1);
});

/** What servers that speak OpenAI's protocol say of a model in their lists. */
const listed = [
  ["vLLM", { id: "m", max_model_len: 4_096 }, 4_096],
  ["LM Studio", { id: "m", max_context_length: 131_072, loaded_context_length: 8_192 }, 8_192],
  ["OpenRouter", { id: "m", context_length: 65_536 }, 65_536],
  ["Groq", { id: "m", context_window: 131_072 }, 131_072],
  ["llama-server", { id: "m", meta: { n_ctx_train: 40_960 } }, 40_960],
  ["one that says nothing", { id: "m", object: "model" }, undefined],
  ["one that says nonsense", { id: "m", max_model_len: "many", context_length: -1 }, undefined],
] as const;

test.each(listed)(
  "the window of a model on %s comes from its list, looked at once and not before it is asked for",
  async (_name, model, window) => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ data: [{ id: "other" }, model] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const around = {
      provider: "openai",
      cwd: folder,
      env: env({ OPENAI_BASE_URL: `http://127.0.0.1:${port}` }),
    };
    await using agent = await createAgent({ ...around, model: "m" });
    expect(requests).toBe(0);
    expect((await agent.context()).window).toBe(window);
    expect((await agent.context()).window).toBe(window);
    expect(requests).toBe(1);
    expect((await availableModels(around))[1]).toEqual(
      window === undefined ? { id: "m" } : { id: "m", contextWindow: window },
    );
    await using told = await createAgent({ ...around, model: "m", contextWindow: 1_000 });
    expect((await told.context()).window).toBe(1_000);
    server.closeAllConnections();
    server.close();
  },
);

test("a window that nobody knows is absent, and a model of one's own may bring one", async () => {
  await using stub = await createAgent({ provider: "stub", cwd: folder, env: env() });
  const { model } = stub;
  // biome-ignore lint/correctness/useYield: it is never asked
  const own: Model = async function* () {
    throw new Error("It is not asked.");
  };
  await using bare = await createAgent({ connection: { model: own, ref: model }, cwd: folder, env: env() });
  expect(await bare.context()).not.toHaveProperty("window");
  const connection = { model: own, ref: model, contextWindow: 2_048 };
  await using known = await createAgent({ connection, cwd: folder, env: env() });
  expect((await known.context()).window).toBe(2_048);
});
