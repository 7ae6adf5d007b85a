import type { JsonObject, JsonValue } from "@claw/agent-core";
import { test } from "vitest";
import type { RuleCase } from "./rules.ts";
import { expectAccepted, expectRefusal } from "./rules.ts";

const user = (content: JsonValue): JsonObject => ({ role: "user", content });
const call = (id: string, rest: JsonObject = {}): JsonObject => ({
  id,
  type: "function",
  function: { name: "Read", arguments: "{}", ...rest },
});
const calls = (...list: readonly JsonObject[]): JsonObject => ({
  role: "assistant",
  content: null,
  tool_calls: list,
});
const result = (id: string): JsonObject => ({ role: "tool", tool_call_id: id, content: "done" });
const tool = (
  name: string,
  parameters: JsonObject = { type: "object", properties: {} },
  rest: JsonObject = {},
): JsonObject => ({
  type: "function",
  function: { name, parameters, ...rest },
});
const base: JsonObject = { model: "m", messages: [user("hi")] };
const talk = (...messages: readonly JsonObject[]): JsonObject => ({ ...base, messages });

const cases: readonly RuleCase[] = [
  { rule: "model", body: { messages: [user("x")] }, says: /Missing required parameter: 'model'/ },
  { rule: "messages", body: { model: "m" }, says: /Missing required parameter: 'messages'/ },
  { rule: "at least one message", body: talk(), says: /'messages': expected at least 1/ },
  { rule: "known fields", body: { ...base, system: "s" }, says: /Unknown parameter: 'system'/ },
  {
    rule: "known message fields",
    body: talk({ ...user("x"), id: "1" }),
    says: /Unknown parameter: 'messages\[0\]\.id'/,
  },
  { rule: "known roles", body: talk({ role: "model", content: "x" }), says: /'messages\[0\]\.role'/ },
  {
    rule: "known parts",
    body: talk(user([{ type: "image", data: "x" }])),
    says: /'messages\[0\]\.content\[0\]\.type'/,
  },
  { rule: "content", body: talk(user("")), says: /'messages\[0\]\.content': expected a non-empty string/ },
  { rule: "parts", body: talk(user([])), says: /'messages\[0\]\.content': expected at least 1/ },
  { rule: "text in parts", body: talk(user([{ type: "text", text: "" }])), says: /empty text/ },
  {
    rule: "assistant content without calls",
    body: talk(user("x"), { role: "assistant", content: null }, user("y")),
    says: /'messages\[1\]\.content': expected a non-empty string, got null/,
  },
  {
    rule: "calls are a non-empty list",
    body: talk(user("x"), { role: "assistant", content: "y", tool_calls: [] }),
    says: /'messages\[1\]\.tool_calls': expected at least 1/,
  },
  {
    rule: "each call is answered",
    body: talk(user("x"), calls(call("a"), call("b")), result("a")),
    says: /did not have response messages: b/,
  },
  {
    rule: "calls are answered before anything else",
    body: talk(user("x"), calls(call("a")), user("y"), result("a")),
    says: /did not have response messages: a/,
  },
  {
    rule: "results follow a call",
    body: talk(user("x"), result("a")),
    says: /must be a response to a preceding message with 'tool_calls': no call 'a'/,
  },
  {
    rule: "one result for each call",
    body: talk(user("x"), calls(call("a")), result("a"), result("a")),
    says: /no call 'a' is open/,
  },
  {
    rule: "results have an id",
    body: talk(user("x"), calls(call("a")), { role: "tool", content: "y" }),
    says: /'messages\[2\]\.tool_call_id'/,
  },
  {
    rule: "ids are unique in a message",
    body: talk(user("x"), calls(call("a"), call("a")), result("a")),
    says: /Duplicate tool call id/,
  },
  {
    rule: "ids are short",
    body: talk(user("x"), calls(call("a".repeat(41))), result("a".repeat(41))),
    says: /tool_calls\[0\]\.id': expected a string of at most 40/,
  },
  {
    rule: "arguments are a string",
    body: talk(user("x"), calls(call("a", { arguments: {} })), result("a")),
    says: /function\.arguments': expected a string/,
  },
  {
    rule: "called names",
    body: talk(user("x"), calls(call("a", { name: "a b" })), result("a")),
    says: /function\.name': expected a string that matches/,
  },
  {
    rule: "foreign reasoning",
    body: talk(user("x"), { role: "assistant", content: "y", reasoning_content: "hm" }, user("z")),
    says: /Unknown parameter: 'messages\[1\]\.reasoning_content'/,
  },
  { rule: "function names", body: { ...base, tools: [tool("a.b")] }, says: /tools\[0\]\.function\.name/ },
  {
    rule: "function names are short",
    body: { ...base, tools: [tool("a".repeat(65))] },
    says: /tools\[0\]\.function\.name/,
  },
  {
    rule: "function names are unique",
    body: { ...base, tools: [tool("A"), tool("A")] },
    says: /duplicate function name 'A'/,
  },
  { rule: "tools are a non-empty list", body: { ...base, tools: [] }, says: /'tools': expected at least 1/ },
  {
    rule: "at most 128 tools",
    body: { ...base, tools: Array.from({ length: 129 }, (_, index) => tool(`t${index}`)) },
    says: /'tools': expected at most 128/,
  },
  {
    rule: "tools are functions",
    body: { ...base, tools: [{ name: "A", parameters: {} }] },
    says: /'tools\[0\]\.type'/,
  },
  {
    rule: "parameters of type object",
    body: { ...base, tools: [tool("A", { type: "string" })] },
    says: /got 'type: "string"'/,
  },
  {
    rule: "parameters with properties",
    body: { ...base, tools: [tool("A", { type: "object" })] },
    says: /object schema missing properties/,
  },
  {
    rule: "arrays with items",
    body: { ...base, tools: [tool("A", { type: "object", properties: { list: { type: "array" } } })] },
    says: /\('properties', 'list', \), array schema missing items/,
  },
  {
    rule: "closed objects in strict functions",
    body: { ...base, tools: [tool("A", { type: "object", properties: {} }, { strict: true })] },
    says: /'additionalProperties' is required/,
  },
  {
    rule: "all properties required in strict functions",
    body: {
      ...base,
      tools: [
        tool("A", { type: "object", properties: { a: {} }, additionalProperties: false }, { strict: true }),
      ],
    },
    says: /'required' is required/,
  },
  {
    rule: "stream options only with a stream",
    body: { ...base, stream_options: { include_usage: true } },
    says: /'stream_options' parameter is only allowed when 'stream' is enabled/,
  },
  {
    rule: "one token limit",
    body: { ...base, max_tokens: 1, max_completion_tokens: 1 },
    says: /at the same time/,
  },
  {
    rule: "a tool choice only with tools",
    body: { ...base, tool_choice: "auto" },
    says: /'tool_choice' is only allowed/,
  },
  {
    rule: "parallel calls only with tools",
    body: { ...base, parallel_tool_calls: true },
    says: /'parallel_tool_calls' is only/,
  },
  {
    rule: "a chosen tool that exists",
    body: { ...base, tools: [tool("A")], tool_choice: { type: "function", function: { name: "B" } } },
    says: /Tool choice 'B' not found/,
  },
  {
    rule: "image addresses",
    body: talk(user([{ type: "image_url", image_url: { url: "AAAA" } }])),
    says: /image_url\.url': expected a string that matches/,
  },
];

test.each(cases)("OpenAI chat refuses a request that breaks: $rule", async (broken) => {
  await expectRefusal("chat", broken);
});

test("OpenAI chat accepts a request that uses everything", async () => {
  await expectAccepted("chat", {
    model: "m",
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 100,
    temperature: 1,
    tools: [
      tool("Read", { type: "object", properties: { list: { type: "array", items: { type: "string" } } } }),
      tool(
        "Exact",
        { type: "object", properties: { a: {} }, required: ["a"], additionalProperties: false },
        { strict: true, description: "d" },
      ),
    ],
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning_effort: "low",
    messages: [
      { role: "system", content: "s" },
      user([
        { type: "text", text: "look" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      ]),
      { role: "assistant", content: "I will", tool_calls: [call("a"), call("b")] },
      result("b"),
      { ...result("a"), content: "" },
      calls(call("a")),
      result("a"),
      { role: "assistant", content: "done", refusal: null },
      user("thanks"),
    ],
  });
});
