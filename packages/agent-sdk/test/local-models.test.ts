import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { availableModels, checkConformance, createAgent } from "@claw/agent-sdk";
import { startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-local-"));
  await writeFile(join(folder, "alpha.txt"), "alpha\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const env = () => ({ PATH: process.env["PATH"], HOME: folder, CLAW_HOME: join(folder, "home") });
const models = ["qwen3:8b", "unknown-model", "home-made", "m"];
const asText = '<tool_call>{"name": "Read", "arguments": {"file_path": "alpha.txt"}}</tool_call>';

test("rank 7: a call that a local model writes as text is made where its profile says so, and is flagged", async () => {
  await using mock = await startMockModel({ script: [{ text: asText }, { text: "It says alpha." }], models });
  await using agent = await createAgent({
    provider: "ollama",
    ollamaUrl: mock.url,
    model: "qwen3:8b",
    cwd: folder,
    env: env(),
  });
  const { messages, text } = await agent.run("read alpha.txt").result;
  expect(messages[1]).toMatchObject({
    content: [{ type: "tool-call", name: "Read", recovered: { from: "text", dialect: "tool-call-tag" } }],
  });
  expect(messages[2]).toMatchObject({ role: "tool", outcome: { status: "ok" } });
  expect(text).toBe("It says alpha.");
});

test("rank 7: the text of a model without a profile stays text", async () => {
  await using mock = await startMockModel({ script: [{ text: asText }], models });
  await using agent = await createAgent({
    provider: "ollama",
    ollamaUrl: mock.url,
    model: "unknown-model",
    cwd: folder,
    env: env(),
  });
  expect((await agent.run("read alpha.txt").result).text).toBe(asText);
});

test("rank 7: recognition and repair can each be switched off for an agent", async () => {
  const fenced = { name: "Read", rawArguments: '```json\n{"file_path": "alpha.txt"}\n```' };
  const script = [{ text: asText }, { toolCalls: [fenced] }, { text: "I see." }];
  await using mock = await startMockModel({ script, models });
  const base = { provider: "openai", model: "qwen3:8b", cwd: folder };
  const around = { ...base, env: { ...env(), ...mock.env } };
  await using agent = await createAgent({ ...around, textCalls: false, repairArguments: false });
  expect((await agent.run("read alpha.txt").result).text).toBe(asText);
  const { messages } = await agent.run("read it").result;
  expect(messages.at(-2)).toMatchObject({ role: "tool", outcome: { error: { code: "malformed-input" } } });
});

test("a conformance run scores every case, and the profile that is kept for a model is used from then on", async () => {
  const script = ({ system }: { readonly system?: string }) =>
    system?.includes("assistant with tools")
      ? { text: asText.replace("Read", "no_such_tool") }
      : { text: asText };
  await using mock = await startMockModel({ script, models });
  const options = { provider: "ollama", ollamaUrl: mock.url, model: "home-made", cwd: folder, env: env() };
  const conformance = await checkConformance(options, new AbortController().signal);
  let cases = 0;
  for await (const result of conformance.results) cases += result.requests > 0 ? 1 : 0;
  expect(cases).toBeGreaterThan(50);
  expect(conformance.score().cases).toBe(cases);
  const file = await conformance.save();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(
    file,
    (await readFile(file, "utf8")).replace(/"dialects": \[[^\]]*\]/, '"dialects": ["tool-call-tag"]'),
  );
  await using agent = await createAgent(options);
  const { messages } = await agent.run("read alpha.txt", { limits: { maxTurns: 1 } }).result;
  expect(messages[2]).toMatchObject({ role: "tool", outcome: { status: "ok" } });
});

test("profiles that cannot be read are a fault by name, not silence", async () => {
  await using mock = await startMockModel({ script: [{ text: "x" }], models });
  const options = {
    provider: "ollama",
    ollamaUrl: mock.url,
    model: "m",
    cwd: folder,
    env: { ...env(), CLAW_HOME: folder },
  };
  await writeFile(join(folder, "model-profiles.json"), '{"version": 2}');
  await expect(createAgent(options)).rejects.toMatchObject({ fault: { code: "invalid-profiles" } });
});

test("the models of a provider are listed with what is known of them", async () => {
  await using mock = await startMockModel({ script: [], models: ["one", "two"] });
  const options = { provider: "ollama", ollamaUrl: mock.url, env: env() };
  expect(await availableModels(options)).toEqual([{ id: "one" }, { id: "two" }]);
  await expect(availableModels({ ...options, ollamaUrl: "http://127.0.0.1:1" })).rejects.toMatchObject({
    fault: { code: "network" },
  });
});
