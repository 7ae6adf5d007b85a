import type { JsonObject, JsonValue } from "@claw/agent-core";
import { startMockModel } from "@claw/testkit";
import { expect, test } from "vitest";
import { at, send } from "./client.ts";
import type { RuleCase } from "./rules.ts";
import { expectAccepted, expectRefusal } from "./rules.ts";

const user = (content: JsonValue): JsonObject => ({ role: "user", content });
const call = (id: string, rest: JsonObject = {}): JsonObject => ({
  type: "function_call",
  call_id: id,
  name: "Read",
  arguments: "{}",
  ...rest,
});
const output = (id: string): JsonObject => ({ type: "function_call_output", call_id: id, output: "done" });
const reasoning: JsonObject = { type: "reasoning", id: "rs_1", summary: [] };
const tool = (name: string, parameters: JsonObject = { type: "object", properties: {} }): JsonObject => ({
  type: "function",
  name,
  parameters,
});
const base: JsonObject = { model: "m", input: "hi" };
const items = (...input: readonly JsonObject[]): JsonObject => ({ ...base, input });

const cases: readonly RuleCase[] = [
  { rule: "model", body: { input: "x" }, says: /Missing required parameter: 'model'/ },
  { rule: "input", body: { model: "m" }, says: /Missing required parameter: 'input'/ },
  { rule: "some input", body: { ...base, input: "" }, says: /'input': expected a string of at least 1/ },
  { rule: "some items", body: items(), says: /'input': expected at least 1/ },
  { rule: "known fields", body: { ...base, messages: [] }, says: /Unknown parameter: 'messages'/ },
  { rule: "known items", body: items({ type: "tool_result", call_id: "a" }), says: /'input\[0\]\.type'/ },
  { rule: "known roles", body: items({ role: "tool", content: "x" }), says: /'input\[0\]\.role'/ },
  { rule: "content", body: items(user("")), says: /'input\[0\]\.content': expected a string of at least 1/ },
  {
    rule: "chat parts",
    body: items(user([{ type: "text", text: "x" }])),
    says: /'input\[0\]\.content\[0\]\.type'/,
  },
  {
    rule: "an assistant's parts are output",
    body: items(user("x"), { role: "assistant", content: [{ type: "input_text", text: "y" }] }),
    says: /'output_text', 'refusal'/,
  },
  {
    rule: "message ids",
    body: items(user("x"), { type: "message", role: "assistant", id: "m1", content: "y" }),
    says: /'input\[1\]\.id': expected a string that matches \^msg_/,
  },
  {
    rule: "call ids of items",
    body: items(user("x"), call("a", { id: "a" }), output("a")),
    says: /matches \^fc_/,
  },
  {
    rule: "arguments are a string",
    body: items(user("x"), call("a", { arguments: {} }), output("a")),
    says: /arguments': expected a string/,
  },
  {
    rule: "called names",
    body: items(user("x"), call("a", { name: "a.b" }), output("a")),
    says: /name': expected a string that matches/,
  },
  {
    rule: "calls have outputs",
    body: items(user("x"), call("a")),
    says: /No tool output found for function call a/,
  },
  {
    rule: "outputs have calls",
    body: items(user("x"), output("a")),
    says: /No tool call found .* call_id a/,
  },
  {
    rule: "calls come before their outputs",
    body: items(user("x"), output("a"), call("a")),
    says: /No tool call found .* call_id a/,
  },
  {
    rule: "one output for a call",
    body: items(user("x"), call("a"), output("a"), output("a")),
    says: /Duplicate output/,
  },
  {
    rule: "one call for an id",
    body: items(user("x"), call("a"), call("a"), output("a")),
    says: /Duplicate function call/,
  },
  {
    rule: "reasoning that was not stored",
    body: items(user("x"), reasoning, { role: "assistant", content: "y" }, user("z")),
    status: 404,
    says: /Item with id 'rs_1' not found/,
  },
  {
    rule: "reasoning of this server",
    body: items(
      user("x"),
      { ...reasoning, encrypted_content: "AAAA" },
      { role: "assistant", content: "y" },
      user("z"),
    ),
    says: /encrypted content could not be verified/,
  },
  {
    rule: "a previous response that exists",
    body: { ...base, previous_response_id: "resp_1" },
    says: /Previous response with id 'resp_1' not found/,
  },
  { rule: "function names", body: { ...base, tools: [tool("a.b")] }, says: /'tools\[0\]\.name'/ },
  {
    rule: "function names are unique",
    body: { ...base, tools: [tool("A"), tool("A")] },
    says: /duplicate function name/,
  },
  {
    rule: "flat functions",
    body: { ...base, tools: [{ type: "function", function: { name: "A" } }] },
    says: /'tools\[0\]\.name'/,
  },
  {
    rule: "parameters of type object",
    body: { ...base, tools: [tool("A", { type: "array" })] },
    says: /got 'type: "array"'/,
  },
  {
    rule: "a chosen tool that exists",
    body: { ...base, tool_choice: { type: "function", name: "B" } },
    says: /Tool choice 'B' not found/,
  },
  {
    rule: "stream options only with a stream",
    body: { ...base, stream_options: {} },
    says: /only allowed when 'stream'/,
  },
  {
    rule: "a token limit of at least 16",
    body: { ...base, max_output_tokens: 15 },
    says: /expected at least 16/,
  },
  { rule: "known includes", body: { ...base, include: ["everything"] }, says: /'include\[0\]'/ },
];

test.each(cases)("OpenAI responses refuses a request that breaks: $rule", async (broken) => {
  await expectRefusal("responses", broken);
});

test("OpenAI responses accepts a request that uses everything", async () => {
  await expectAccepted("responses", {
    ...base,
    stream: true,
    store: false,
    instructions: "s",
    include: ["reasoning.encrypted_content"],
    reasoning: { effort: "low", summary: "auto" },
    max_output_tokens: 100,
    tools: [{ ...tool("Read"), description: "d", strict: false }, { type: "web_search" }],
    tool_choice: "auto",
    parallel_tool_calls: true,
    prompt_cache_key: "k",
    input: [
      { type: "message", role: "developer", content: "d" },
      user([
        { type: "input_text", text: "look" },
        { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" },
      ]),
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "y", annotations: [] }] },
      call("a"),
      call("b", { id: "fc_1", status: "completed" }),
      output("b"),
      { ...output("a"), output: [{ type: "input_text", text: "x" }] },
      user("thanks"),
    ],
  });
});

test("thinking_kept_for_tool_turn: encrypted reasoning comes back with its call, and the call with its reasoning", async () => {
  await using mock = await startMockModel({
    script: [{ reasoning: "hm", toolCalls: [{ name: "Read", input: {} }] }, { text: "ok" }],
  });
  const first = { ...base, store: false, include: ["reasoning.encrypted_content"] };
  const reply = JSON.parse((await send(mock, "responses", first)).text);
  const [thought, called] = at(reply, "output") as readonly [JsonObject, JsonObject]; // as scripted
  const next = (...input: readonly JsonObject[]): JsonObject => ({
    ...first,
    input: [user("hi"), ...input, output(String(called["call_id"]))],
  });
  expect((await send(mock, "responses", next(thought, called))).status).toBe(200);
  mock.assertClean();
  await send(mock, "responses", next(called));
  expect(mock.violations.at(-1)).toMatch(/without its required 'reasoning' item/);
  await send(mock, "responses", { ...first, input: [user("hi"), thought, user("y")] });
  expect(mock.violations.at(-1)).toMatch(/without its required following item/);
});

test("a stored response's calls are answered by naming it", async () => {
  await using mock = await startMockModel({
    script: [{ toolCalls: [{ name: "Read", input: {}, id: "call_x" }] }, { text: "ok" }],
  });
  const reply = JSON.parse((await send(mock, "responses", base)).text);
  await send(mock, "responses", { ...base, previous_response_id: reply.id, input: [output("call_x")] });
  mock.assertClean();
});
