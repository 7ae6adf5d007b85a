import type { JsonObject } from "@claw/agent-core";
import { startMockModel } from "@claw/testkit";
import { expect, test } from "vitest";
import { send } from "./client.ts";
import type { RuleCase } from "./rules.ts";
import { expectAccepted, expectRefusal } from "./rules.ts";

const user = (content: string, rest: JsonObject = {}): JsonObject => ({ role: "user", content, ...rest });
const calls = (...names: readonly string[]): JsonObject => ({
  role: "assistant",
  content: "",
  tool_calls: names.map((name) => ({ function: { name, arguments: {} } })),
});
const result = (name: string): JsonObject => ({ role: "tool", content: "done", tool_name: name });
const tool = (rest: JsonObject): JsonObject => ({ type: "function", function: { name: "A", ...rest } });
const parameters = { type: "object", properties: {} };
const base: JsonObject = { model: "m", messages: [user("hi")] };
const talk = (...messages: readonly JsonObject[]): JsonObject => ({ ...base, messages });

const cases: readonly RuleCase[] = [
  { rule: "model", body: { messages: [user("x")] }, says: /model is required/ },
  { rule: "messages", body: { model: "m" }, says: /messages is required/ },
  { rule: "known fields", body: { ...base, temperature: 1 }, says: /unknown field "temperature"/ },
  {
    rule: "known options",
    body: { ...base, options: { max_tokens: 1 } },
    says: /unknown field "options.max_tokens"/,
  },
  { rule: "known roles", body: talk({ role: "developer", content: "x" }), says: /messages\.0\.role/ },
  {
    rule: "text content",
    body: talk({ role: "user", content: [{ type: "text", text: "x" }] }),
    says: /messages\.0\.content: expected a string/,
  },
  { rule: "content", body: talk(user("")), says: /content must not be empty/ },
  {
    rule: "assistant content",
    body: talk(user("x"), { role: "assistant", content: "" }),
    says: /messages\.1: content must not be empty/,
  },
  {
    rule: "a context of at least one token",
    body: { ...base, options: { num_ctx: 0 } },
    says: /options\.num_ctx: expected at least 1/,
  },
  {
    rule: "a whole context",
    body: { ...base, options: { num_ctx: 4096.5 } },
    says: /options\.num_ctx: expected an integer/,
  },
  {
    rule: "images without a prefix",
    body: talk(user("x", { images: ["data:image/png;base64,AAAA"] })),
    says: /images\.0: expected base64/,
  },
  {
    rule: "arguments are an object",
    body: talk(
      user("x"),
      { role: "assistant", content: "", tool_calls: [{ function: { name: "A", arguments: "{}" } }] },
      result("A"),
    ),
    says: /arguments: expected an object/,
  },
  {
    rule: "calls are answered",
    body: talk(user("x"), calls("A", "B"), result("A")),
    says: /without a tool message after them: B/,
  },
  {
    rule: "calls are answered first",
    body: talk(user("x"), calls("A"), user("y"), result("A")),
    says: /without a tool message after them: A/,
  },
  {
    rule: "results have a call",
    body: talk(user("x"), result("A")),
    says: /must answer a call of the message before it/,
  },
  {
    rule: "results are of the called tool",
    body: talk(user("x"), calls("A"), result("B")),
    says: /must answer a call/,
  },
  {
    rule: "tools are functions",
    body: { ...base, tools: [{ name: "A", parameters }] },
    says: /tools\.0\.type is required/,
  },
  { rule: "parameters", body: { ...base, tools: [tool({})] }, says: /parameters is required/ },
  {
    rule: "parameters of type object",
    body: { ...base, tools: [tool({ parameters: { type: "string" } })] },
    says: /parameters\.type/,
  },
  { rule: "known thinking levels", body: { ...base, think: "hard" }, says: /think: expected one of 'low'/ },
];

test.each(cases)("Ollama refuses a request that breaks: $rule", async (broken) => {
  await expectRefusal("ollama", broken);
});

test("Ollama accepts a request that uses everything", async () => {
  await expectAccepted("ollama", {
    ...base,
    stream: true,
    think: true,
    keep_alive: "5m",
    format: "json",
    options: { num_ctx: 32_768, temperature: 0, num_predict: -1, stop: ["END"] },
    tools: [tool({ description: "d", parameters })],
    messages: [
      { role: "system", content: "s" },
      user("look", { images: ["AAAA"] }),
      { ...calls("A", "B"), thinking: "hm" },
      result("B"),
      result("A"),
      {
        role: "assistant",
        tool_calls: [
          { id: "call_1", type: "function", function: { index: 0, name: "A", arguments: { a: 1 } } },
          { id: "call_2", type: "function", function: { index: 1, name: "A", arguments: { a: 2 } } },
        ],
      },
      { role: "tool", content: "", tool_call_id: "call_2" },
      { role: "tool", content: "", tool_name: "A", tool_call_id: "call_1" },
      { role: "assistant", content: "done" },
      user("thanks"),
    ],
  });
});

test("V6: a model without tools or thinking says so readably", async () => {
  await using mock = await startMockModel({
    models: [{ id: "plain", capabilities: ["completion"] }],
    script: [{ text: "ok" }],
  });
  const withTools = await send(mock, "ollama", { ...base, model: "plain", tools: [tool({ parameters })] });
  expect(withTools).toMatchObject({ status: 400, text: '{"error":"plain does not support tools"}' });
  const thinking = await send(mock, "ollama", { ...base, model: "plain", think: true });
  expect(thinking.text).toContain("does not support thinking");
  expect((await send(mock, "ollama", { ...base, model: "plain", think: false })).status).toBe(200);
  mock.assertClean();
});
