import type { JsonObject, JsonValue } from "@claw/agent-core";
import type { MockReply } from "@claw/testkit";
import { plannerScript, startMockModel } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import type { Vendor } from "./client.ts";
import { answered, at, events, open, send, smallest, vendors } from "./client.ts";

interface Reply {
  text: string;
  reasoning: string;
  calls: { id: JsonValue | undefined; name: JsonValue | undefined; json: string }[];
}

/** What a client understands of a stream, in each vendor's own terms. */
function understand(vendor: Vendor, text: string): Reply {
  const reply: Reply = { text: "", reasoning: "", calls: [] };
  for (const event of events(text)) readers[vendor](event, reply);
  return { ...reply, calls: reply.calls.filter(() => true) }; // without the holes of other blocks
}

const readers: Readonly<Record<Vendor, (event: JsonObject, reply: Reply) => void>> = {
  anthropic: (event, reply) => {
    const delta = at(event, "delta");
    reply.text += String(at(delta, "text") ?? "");
    reply.reasoning += String(at(delta, "thinking") ?? "");
    const block = at(event, "content_block");
    const index = Number(at(event, "index"));
    if (at(block, "type") === "tool_use")
      reply.calls[index] = { id: at(block, "id"), name: at(block, "name"), json: "" };
    const call = reply.calls[index];
    if (call !== undefined) call.json += String(at(delta, "partial_json") ?? "");
  },
  chat: (event, reply) => {
    const delta = at(event, "choices", 0, "delta");
    reply.text += String(at(delta, "content") ?? "");
    reply.reasoning += String(at(delta, "reasoning_content") ?? "");
    for (const call of (at(delta, "tool_calls") ?? []) as readonly JsonObject[]) {
      const index = Number(call["index"]);
      reply.calls[index] ??= { id: call["id"], name: at(call, "function", "name"), json: "" };
      reply.calls[index].json += String(at(call, "function", "arguments") ?? "");
    }
  },
  responses: (event, reply) => {
    const index = Number(event["output_index"]);
    const item = event["item"];
    const delta = String(event["delta"] ?? "");
    if (event["type"] === "response.output_text.delta") reply.text += delta;
    if (event["type"] === "response.reasoning_summary_text.delta") reply.reasoning += delta;
    if (event["type"] === "response.output_item.added" && at(item, "type") === "function_call")
      reply.calls[index] = { id: at(item, "call_id"), name: at(item, "name"), json: "" };
    const call = reply.calls[index];
    if (event["type"] === "response.function_call_arguments.delta" && call !== undefined) call.json += delta;
  },
  ollama: (event, reply) => {
    const message = at(event, "message");
    reply.text += String(at(message, "content") ?? "");
    reply.reasoning += String(at(message, "thinking") ?? "");
    for (const call of (at(message, "tool_calls") ?? []) as readonly JsonObject[])
      reply.calls.push({
        id: call["id"],
        name: at(call, "function", "name"),
        json: JSON.stringify(at(call, "function", "arguments")),
      });
  },
};

const both: MockReply = {
  reasoning: "first I look, then I leap",
  text: "你好, 世界 👋 and more",
  toolCalls: [
    { name: "Glob", input: { pattern: "**/*.ts" } },
    { name: "Glob", input: { pattern: "*.md" } },
  ],
};

describe.each(vendors)("%s", (vendor) => {
  test("a stream carries reasoning, text and parallel calls", async () => {
    await using mock = await startMockModel({ script: [both] });
    const answer = await send(mock, vendor, smallest(vendor));
    const reply = understand(vendor, answer.text);
    const calls = reply.calls;
    expect(reply.text).toBe(both.text);
    expect(reply.reasoning).toBe(both.reasoning);
    expect(calls.map((call) => JSON.parse(call.json))).toEqual([{ pattern: "**/*.ts" }, { pattern: "*.md" }]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    mock.assertClean();
  });

  test("a plain answer carries the same", async () => {
    await using mock = await startMockModel({ script: [both] });
    const answer = await send(mock, vendor, { ...smallest(vendor), stream: false });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(answer.text)).toBeTypeOf("object");
    for (const part of [both.text, both.reasoning, "**/*.ts"]) expect(answer.text).toContain(part);
  });

  test("interleaved_tool_deltas: pieces of parallel calls take turns and still make whole calls", async () => {
    await using mock = await startMockModel({ script: [{ ...both, format: { interleaveTools: true } }] });
    const answer = await send(mock, vendor, smallest(vendor));
    const calls = understand(vendor, answer.text).calls;
    expect(calls.map((call) => JSON.parse(call.json))).toEqual([{ pattern: "**/*.ts" }, { pattern: "*.md" }]);
    if (vendor === "ollama") return; // calls come whole
    const secondBegins = answer.text.indexOf(String(calls[1]?.id));
    expect(secondBegins).toBeGreaterThan(0);
    expect(secondBegins).toBeLessThan(answer.text.indexOf("**/*.ts"));
  });

  test("tool_without_arguments: a call may come without any", async () => {
    await using mock = await startMockModel({ script: [{ toolCalls: [{ name: "Glob" }] }] });
    const answer = await send(mock, vendor, smallest(vendor));
    const calls = understand(vendor, answer.text).calls;
    expect(calls).toMatchObject([{ name: "Glob", json: vendor === "ollama" ? "{}" : "" }]);
  });

  test("tool_json_invalid: arguments are sent as the script wrote them", async () => {
    await using mock = await startMockModel({
      script: [{ toolCalls: [{ name: "Glob", rawArguments: '{"pattern": ' }] }],
    });
    const answer = await send(mock, vendor, smallest(vendor));
    const call = understand(vendor, answer.text).calls[0];
    expect(call?.json).toBe(vendor === "ollama" ? JSON.stringify('{"pattern": ') : '{"pattern": ');
  });

  test("duplicate_tool_ids: ids can be the same, or missing", async () => {
    await using mock = await startMockModel({
      script: [
        { ...both, format: { duplicateIds: true } },
        { ...both, format: { omitIds: true } },
      ],
    });
    const ids = async (): Promise<readonly (JsonValue | undefined)[]> => {
      const answer = await send(mock, vendor, smallest(vendor));
      return understand(vendor, answer.text).calls.map((call) => call.id);
    };
    const same = await ids();
    expect(same).toHaveLength(2);
    expect(new Set(same).size).toBe(1);
    expect(same[0]).toBeTypeOf("string");
    expect(await ids()).toEqual([undefined, undefined]);
  });

  test("the planner looks at the files and says what it saw", async () => {
    await using mock = await startMockModel({ script: plannerScript });
    const prompt = "Please list all the files here.";
    const first = await send(mock, vendor, smallest(vendor, prompt));
    const call = understand(vendor, first.text).calls[0];
    expect(call).toMatchObject({ name: "Glob", json: '{"pattern":"*"}' });
    const second = await send(mock, vendor, answered(vendor, String(call?.id), "a.ts\nb.ts", prompt));
    expect(understand(vendor, second.text).text).toContain("a.ts\nb.ts");
    const other = await send(mock, vendor, smallest(vendor, "hello"));
    expect(understand(vendor, other.text).text).toBe("You said: hello");
    mock.assertClean();
  });

  test("a request is read into no wire's terms", async () => {
    await using mock = await startMockModel({ script: [{ text: "ok" }] });
    await send(mock, vendor, answered(vendor, "call_1", "a.ts"));
    expect(mock.requests).toMatchObject([
      {
        index: 0,
        model: "m",
        stream: true,
        tools: ["Glob"],
        messages: [
          { role: "user", text: "hello", toolCalls: [], toolResults: [] },
          {
            role: "assistant",
            text: "",
            toolCalls: [{ id: "call_1", name: "Glob", input: { pattern: "*" } }],
          },
          { role: "tool", text: "a.ts", toolResults: [{ id: "call_1", text: "a.ts", isError: false }] },
        ],
      },
    ]);
    expect(mock.requests[0]).not.toHaveProperty("system");
    expect(JSON.parse(mock.requests[0]?.raw ?? "")).toEqual(mock.requests[0]?.body);
  });

  test("scripted usage and stop are reported in the vendor's words", async () => {
    await using mock = await startMockModel({
      script: [
        { text: "x", stop: "length", usage: { input: 100, output: 7, cacheRead: 60, cacheWrite: 30 } },
      ],
    });
    const body = vendor === "chat" ? { stream_options: { include_usage: true } } : {};
    const { text } = await send(mock, vendor, { ...smallest(vendor), ...body });
    const expected: Readonly<Record<Vendor, readonly string[]>> = {
      anthropic: [
        '"stop_reason":"max_tokens"',
        '"input_tokens":10',
        '"cache_read_input_tokens":60',
        '"output_tokens":7',
      ],
      chat: [
        '"finish_reason":"length"',
        '"prompt_tokens":100',
        '"cached_tokens":60',
        '"completion_tokens":7',
      ],
      responses: [
        '"reason":"max_output_tokens"',
        '"input_tokens":100',
        '"cached_tokens":60',
        '"output_tokens":7',
      ],
      ollama: ['"done_reason":"length"', '"prompt_eval_count":100', '"eval_count":7'],
    };
    for (const part of expected[vendor]) expect(text).toContain(part);
  });

  test("usage can be left out, and a stop reason made up", async () => {
    await using mock = await startMockModel({ script: [{ text: "x", rawStop: "sudden", usage: "none" }] });
    const { text } = await send(mock, vendor, smallest(vendor));
    expect(text).toContain('"sudden"');
    expect(text).not.toMatch(/output_tokens|completion_tokens|eval_count/);
  });

  test("stream_timing: a held reply arrives in part before it is over", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let texts = 0;
    await using mock = await startMockModel({
      script: [
        {
          text: "aaaabbbb",
          format: {
            chunkSize: 4,
            gate: ({ kind }) => {
              if (kind === "text") texts += 1;
              return texts === 2 ? held : undefined;
            },
          },
        },
      ],
    });
    const response = await open(mock, vendor, smallest(vendor));
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes("aaaa") && !text.includes("bbbb")) release();
    }
    expect(understand(vendor, text).text).toBe("aaaabbbb");
  });
});

test("responses number their events without a gap", async () => {
  await using mock = await startMockModel({ script: [both] });
  const { text } = await send(mock, "responses", smallest("responses"));
  const numbers = events(text).map((event) => event["sequence_number"]);
  expect(numbers).toEqual(numbers.map((_, index) => index));
});

test("chat sends usage only when asked", async () => {
  await using mock = await startMockModel({ script: [{ text: "x" }] });
  expect((await send(mock, "chat", smallest("chat"))).text).not.toContain("usage");
});

test("the reasoning field of chat can be the other one, and what was sent in it may come back", async () => {
  await using mock = await startMockModel({
    chatReasoning: "reasoning",
    script: [{ reasoning: "hm", text: "a" }, { text: "b" }],
  });
  expect((await send(mock, "chat", smallest("chat"))).text).toContain('"reasoning":"hm"');
  const messages = [
    { role: "user", content: "x" },
    { role: "assistant", content: "a", reasoning: "hm" },
    { role: "user", content: "y" },
  ];
  await send(mock, "chat", { model: "m", messages });
  mock.assertClean();
});
