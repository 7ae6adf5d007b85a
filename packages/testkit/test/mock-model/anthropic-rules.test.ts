import type { JsonObject, JsonValue } from "@claw/agent-core";
import { startMockModel } from "@claw/testkit";
import { expect, test } from "vitest";
import { at, send } from "./client.ts";
import type { RuleCase } from "./rules.ts";
import { expectAccepted, expectRefusal } from "./rules.ts";

const user = (content: JsonValue): JsonObject => ({ role: "user", content });
const assistant = (content: JsonValue): JsonObject => ({ role: "assistant", content });
const textBlock = (text: string): JsonObject => ({ type: "text", text });
const use = (id: string): JsonObject => ({ type: "tool_use", id, name: "Read", input: {} });
const result = (id: string, rest: JsonObject = {}): JsonObject => ({
  type: "tool_result",
  tool_use_id: id,
  content: "done",
  ...rest,
});
const tool = (name: string, schema: JsonObject = {}): JsonObject => ({
  name,
  input_schema: { type: "object", ...schema },
});
const cached: JsonObject = { cache_control: { type: "ephemeral" } };
const base: JsonObject = { model: "m", max_tokens: 4000, messages: [user("hi")] };
const talk = (...messages: readonly JsonObject[]): JsonObject => ({ ...base, messages });
const without = (name: string): JsonObject =>
  Object.fromEntries(Object.entries(base).filter(([key]) => key !== name));
const newVersion = { "anthropic-version": "2026-10-21" };

const cases: readonly RuleCase[] = [
  {
    rule: "a key",
    body: base,
    headers: { "x-api-key": "" },
    status: 401,
    says: /x-api-key header is required/,
  },
  {
    rule: "one key only",
    body: base,
    headers: { authorization: "Bearer k" },
    status: 401,
    says: /only one of the two/,
  },
  {
    rule: "a version",
    body: base,
    headers: { "anthropic-version": "2024-01-01" },
    says: /not a valid version/,
  },
  { rule: "model", body: without("model"), says: /model: Field required/ },
  { rule: "max_tokens", body: without("max_tokens"), says: /max_tokens: Field required/ },
  { rule: "messages", body: without("messages"), says: /messages: Field required/ },
  { rule: "at least one message", body: talk(), says: /messages: .*at least 1/ },
  { rule: "max_tokens above zero", body: { ...base, max_tokens: 0 }, says: /max_tokens: .*at least 1/ },
  { rule: "whole max_tokens", body: { ...base, max_tokens: 1.5 }, says: /max_tokens: .*an integer/ },
  { rule: "known fields", body: { ...base, num_ctx: 1 }, says: /num_ctx: Extra inputs are not permitted/ },
  {
    rule: "beta fields only with a beta header",
    body: { ...base, context_management: {} },
    says: /context_management: Extra inputs/,
  },
  {
    rule: "known message fields",
    body: talk({ ...user("x"), name: "n" }),
    says: /messages\.0\.name: Extra inputs/,
  },
  { rule: "known roles", body: talk({ role: "tool", content: "x" }), says: /messages\.0\.role: .*'user'/ },
  { rule: "known blocks", body: talk(user([{ type: "input_text", text: "x" }])), says: /content\.0\.type/ },
  {
    rule: "temperature is gone in the new version",
    body: { ...base, temperature: 1 },
    headers: newVersion,
    says: /temperature: Extra inputs/,
  },
  {
    rule: "top_p is gone in the new version",
    body: { ...base, top_p: 1 },
    headers: newVersion,
    says: /top_p: Extra inputs/,
  },
  {
    rule: "top_k is gone in the new version",
    body: { ...base, top_k: 1 },
    headers: newVersion,
    says: /top_k: Extra inputs/,
  },
  { rule: "temperature up to one", body: { ...base, temperature: 1.5 }, says: /temperature: .*at most 1/ },
  {
    rule: "a user begins",
    body: talk(assistant("x"), user("y")),
    says: /first message must use the "user" role/,
  },
  { rule: "a user ends", body: talk(user("x"), assistant("y")), says: /must end with a user message/ },
  { rule: "content", body: talk(user("")), says: /non-empty content/ },
  { rule: "blocks", body: talk(user([])), says: /non-empty content/ },
  {
    rule: "no empty assistant message",
    body: talk(user("x"), assistant([]), user("y")),
    says: /messages\.1: .*non-empty content/,
  },
  {
    rule: "no empty text block",
    body: talk(user([textBlock("")])),
    says: /text content blocks must be non-empty/,
  },
  { rule: "no blank text block", body: talk(user([textBlock(" \n")])), says: /non-whitespace text/ },
  { rule: "no blank string", body: talk(user(" ")), says: /non-whitespace text/ },
  {
    rule: "no empty system block",
    body: { ...base, system: [textBlock("")] },
    says: /system\.0: text content blocks must be non-empty/,
  },
  {
    rule: "no empty text in a tool result",
    body: talk(user("x"), assistant([use("a")]), user([result("a", { content: [textBlock("")] })])),
    says: /tool_result: text content blocks must be non-empty/,
  },
  {
    rule: "an error result is text",
    body: talk(
      user("x"),
      assistant([use("a")]),
      user([
        result("a", {
          is_error: true,
          content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } }],
        }),
      ]),
    ),
    says: /must be type "text" if "is_error"/,
  },
  {
    rule: "calls are answered in the next message",
    body: talk(user("x"), assistant([use("a"), use("b")]), user([result("a")])),
    says: /without `tool_result` blocks immediately after: b/,
  },
  {
    rule: "calls are answered before another user message",
    body: talk(user("x"), assistant([use("a")]), user("y")),
    says: /without `tool_result` blocks immediately after: a/,
  },
  {
    rule: "calls are answered before a system message",
    body: talk(user("x"), assistant([use("a")]), { role: "system", content: "s" }, user([result("a")])),
    says: /without `tool_result` blocks immediately after: a/,
  },
  {
    rule: "a call at the end is answered",
    body: talk(user("x"), assistant([use("a")])),
    says: /without `tool_result` blocks immediately after: a/,
  },
  {
    rule: "results have a call",
    body: talk(user("x"), assistant("y"), user([result("a")])),
    says: /unexpected `tool_use_id` .*: a/,
  },
  {
    rule: "results answer the previous message only",
    body: talk(user("x"), assistant([use("a")]), user([result("a")]), assistant("y"), user([result("a")])),
    says: /unexpected `tool_use_id` .*: a/,
  },
  {
    rule: "one result for each call",
    body: talk(user("x"), assistant([use("a")]), user([result("a"), result("a")])),
    says: /must have a single result/,
  },
  {
    rule: "results come first",
    body: talk(user("x"), assistant([use("a")]), user([textBlock("t"), result("a")])),
    says: /must come before all other content/,
  },
  {
    rule: "results come first over merged messages",
    body: talk(
      user("x"),
      assistant([use("a"), use("b")]),
      user([result("a")]),
      user("t"),
      user([result("b")]),
    ),
    says: /must come before all other content/,
  },
  {
    rule: "ids are unique in a message",
    body: talk(user("x"), assistant([use("a"), use("a")]), user([result("a")])),
    says: /ids must be unique/,
  },
  {
    rule: "ids are unique in the conversation",
    body: talk(
      user("x"),
      assistant([use("a")]),
      user([result("a")]),
      assistant([use("a")]),
      user([result("a")]),
    ),
    says: /ids must be unique/,
  },
  {
    rule: "ids have an alphabet",
    body: talk(user("x"), assistant([use("a.b")]), user([result("a.b")])),
    says: /tool_use\.id|content\.0\.id: .*matches/,
  },
  {
    rule: "tool input is an object",
    body: talk(user("x"), assistant([{ ...use("a"), input: "{}" }]), user([result("a")])),
    says: /input: .*an object/,
  },
  {
    rule: "thinking has a signature",
    body: talk(user("x"), assistant([{ type: "thinking", thinking: "t" }, textBlock("y")]), user("z")),
    says: /signature: Field required/,
  },
  {
    rule: "thinking has this server's signature",
    body: talk(
      user("x"),
      assistant([{ type: "thinking", thinking: "t", signature: "s" }, textBlock("y")]),
      user("z"),
    ),
    says: /Invalid `signature` in `thinking` block/,
  },
  {
    rule: "redacted thinking is this server's",
    body: talk(user("x"), assistant([{ type: "redacted_thinking", data: "s" }, textBlock("y")]), user("z")),
    says: /Invalid `data` in `redacted_thinking` block/,
  },
  {
    rule: "the thinking budget has a floor",
    body: { ...base, thinking: { type: "enabled", budget_tokens: 1000 } },
    says: /budget_tokens: .*at least 1024/,
  },
  {
    rule: "max_tokens is above the thinking budget",
    body: { ...base, thinking: { type: "enabled", budget_tokens: 4000 } },
    says: /must be greater than `thinking.budget_tokens`/,
  },
  {
    rule: "no temperature with thinking",
    body: { ...base, temperature: 0, thinking: { type: "enabled", budget_tokens: 1024 } },
    says: /`temperature` may only be set to 1/,
  },
  {
    rule: "no forced tool with thinking",
    body: {
      ...base,
      tools: [tool("Read")],
      tool_choice: { type: "any" },
      thinking: { type: "enabled", budget_tokens: 1024 },
    },
    says: /Thinking may not be enabled when tool_choice forces tool use/,
  },
  {
    rule: "four cache breakpoints",
    body: {
      ...base,
      system: [{ ...textBlock("s"), ...cached }],
      tools: [
        { ...tool("A"), ...cached },
        { ...tool("B"), ...cached },
      ],
      messages: [user([{ ...textBlock("x"), ...cached }]), user([{ ...textBlock("y"), ...cached }])],
    },
    says: /A maximum of 4 blocks with cache_control may be provided. Found 5/,
  },
  {
    rule: "the top-level breakpoint counts",
    body: { ...base, ...cached, tools: ["A", "B", "C", "D"].map((name) => ({ ...tool(name), ...cached })) },
    says: /Found 5/,
  },
  {
    rule: "long-lived breakpoints first",
    body: talk(
      user([
        { ...textBlock("x"), ...cached },
        { ...textBlock("y"), cache_control: { type: "ephemeral", ttl: "1h" } },
      ]),
    ),
    says: /ttl='1h' block must not come after/,
  },
  {
    rule: "no breakpoint on thinking",
    body: talk(
      user("x"),
      assistant([{ type: "thinking", thinking: "t", signature: "s", ...cached }]),
      user("y"),
    ),
    says: /cache_control: Extra inputs/,
  },
  {
    rule: "known cache lifetimes",
    body: talk(user([{ ...textBlock("x"), cache_control: { type: "ephemeral", ttl: "2h" } }])),
    says: /ttl: .*'5m', '1h'/,
  },
  { rule: "tool names", body: { ...base, tools: [tool("a.b")] }, says: /tools\.0\.name: .*matches/ },
  { rule: "tool names are short", body: { ...base, tools: [tool("a".repeat(129))] }, says: /tools\.0\.name/ },
  {
    rule: "tool names are unique",
    body: { ...base, tools: [tool("A"), tool("A")] },
    says: /names must be unique/,
  },
  {
    rule: "an input schema",
    body: { ...base, tools: [{ name: "A" }] },
    says: /tools\.0\.input_schema: Field required/,
  },
  {
    rule: "an input schema of type object",
    body: { ...base, tools: [{ name: "A", input_schema: { type: "string" } }] },
    says: /input_schema\.type: .*'object'/,
  },
  {
    rule: "no union at the top of an input schema",
    body: { ...base, tools: [tool("A", { anyOf: [] })] },
    says: /does not support oneOf, allOf, or anyOf/,
  },
  {
    rule: "property names",
    body: { ...base, tools: [tool("A", { properties: { "a b": {} } })] },
    says: /Property keys should match pattern/,
  },
  {
    rule: "known tool fields",
    body: { ...base, tools: [{ ...tool("A"), parameters: {} }] },
    says: /tools\.0\.parameters: Extra inputs/,
  },
  {
    rule: "a chosen tool that exists",
    body: { ...base, tools: [tool("A")], tool_choice: { type: "tool", name: "B" } },
    says: /Tool 'B' not found/,
  },
  {
    rule: "tools with a tool choice",
    body: { ...base, tool_choice: { type: "auto" } },
    says: /only be specified while providing tools/,
  },
  {
    rule: "base64 images",
    body: talk(
      user([
        {
          type: "image",
          source: { type: "base64", media_type: "image/png", data: "data:image/png;base64,AAAA" },
        },
      ]),
    ),
    says: /source\.data: .*base64/,
  },
  {
    rule: "known image types",
    body: talk(user([{ type: "image", source: { type: "base64", media_type: "image/bmp", data: "AAAA" } }])),
    says: /media_type: .*'image\/jpeg'/,
  },
];

test.each(cases)("Anthropic refuses a request that breaks: $rule", async (broken) => {
  await expectRefusal("anthropic", broken);
});

test("Anthropic accepts a request that uses everything", async () => {
  await expectAccepted("anthropic", {
    ...base,
    system: [textBlock("s"), { ...textBlock("t"), ...cached }],
    temperature: 0.5,
    stop_sequences: ["END"],
    metadata: { user_id: "u" },
    tools: [
      { ...tool("Read", { properties: { path: { type: "string" } } }), description: "d", ...cached },
      { type: "web_search_20250305", name: "web_search", max_uses: 3 },
    ],
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
    messages: [
      user("a"),
      user([
        textBlock("b"),
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      ]),
      assistant("c"),
      assistant([textBlock("d"), use("one"), use("two")]),
      user([
        result("two", { content: [textBlock("x")], is_error: true }),
        { type: "tool_result", tool_use_id: "one" },
        textBlock("after"),
      ]),
      { role: "system", content: "reminder" },
      user([{ ...textBlock("e"), cache_control: { type: "ephemeral", ttl: "5m" } }]),
    ],
  });
});

test("Anthropic takes beta fields with a beta header and a bearer token", async () => {
  await using mock = await startMockModel({ script: [{ text: "ok" }] });
  const response = await fetch(`${mock.url}/v1/messages?beta=true`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: "Bearer t",
      "anthropic-version": "2026-10-21",
      "anthropic-beta": "context-management-2025-06-27",
    },
    body: JSON.stringify({ ...base, context_management: { edits: [] } }),
  });
  expect(response.status).toBe(200);
  mock.assertClean();
});

test("thinking_kept_for_tool_turn: thinking comes back unmodified, and first, while its calls are answered", async () => {
  const thinking = { type: "enabled", budget_tokens: 1024 };
  const call = { name: "Read", input: { path: "a" } };
  await using mock = await startMockModel({
    script: [{ reasoning: "let me see", toolCalls: [call] }, { text: "ok" }, { text: "ok" }],
  });
  const first = { ...base, thinking, tools: [tool("Read")] };
  const reply = JSON.parse((await send(mock, "anthropic", first)).text);
  const blocks = at(reply, "content") as readonly JsonObject[]; // a list in every message
  const id = String(blocks[1]?.["id"]);
  const next = (content: JsonValue): JsonObject => ({
    ...first,
    messages: [user("hi"), assistant(content), user([result(id)])],
  });
  expect((await send(mock, "anthropic", next(blocks))).status).toBe(200);
  mock.assertClean();
  await send(mock, "anthropic", next(blocks.slice(1)));
  expect(mock.violations.at(-1)).toMatch(/must start with a thinking block/);
  await send(mock, "anthropic", next([{ ...blocks[0], thinking: "let me se" }, ...blocks.slice(1)]));
  expect(mock.violations.at(-1)).toMatch(/Invalid `signature`/);
});

test("another server's thinking is refused", async () => {
  await using first = await startMockModel({ script: [{ reasoning: "hm", text: "a" }] });
  await using second = await startMockModel({ script: [{ text: "b" }] });
  const reply = JSON.parse((await send(first, "anthropic", base)).text);
  const answer = await send(second, "anthropic", talk(user("x"), assistant(reply.content), user("y")));
  expect(answer.status).toBe(400);
});

test("hidden reasoning is redacted thinking, and comes back as it is", async () => {
  await using mock = await startMockModel({
    script: [{ reasoning: "secret", hideReasoning: true, text: "a" }, { text: "b" }],
  });
  const answer = await send(mock, "anthropic", base);
  expect(answer.text).not.toContain("secret");
  const content = JSON.parse(answer.text).content;
  expect(content[0].type).toBe("redacted_thinking");
  await send(mock, "anthropic", talk(user("x"), assistant(content), user("y")));
  mock.assertClean();
});
