import type { Message, ModelRef } from "@claw/agent-core";
import { plainText, text, toolCalls } from "@claw/agent-core";
import {
  anthropicMessages,
  createModel,
  fetchTransport,
  ollamaChat,
  openaiChat,
  openaiResponses,
  type Protocol,
  withRetry,
} from "@claw/agent-provider";
import { type MockModel, type MockScript, startMockModel } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { bashTool, hello, readTool, request, user } from "./support/requests.ts";

const ref = (provider: string): ModelRef => ({ provider, id: "mock-model" });

const wires: readonly (readonly [string, () => Protocol])[] = [
  ["anthropic-messages", () => anthropicMessages({ model: ref("anthropic") })],
  ["openai-chat", () => openaiChat({ model: ref("openai") })],
  ["openai-responses", () => openaiResponses({ model: ref("openai-responses") })],
  ["ollama-chat", () => ollamaChat({ model: ref("ollama") })],
];

const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;

describe.each(wires)("%s against a server that holds requests to the vendor's rules", (name, protocol) => {
  const modelAt = (mock: MockModel) =>
    createModel({
      protocol: protocol(),
      endpoint: { provider: protocol().model.provider, label: "Mock", url: mock.url },
      auth:
        name === "anthropic-messages"
          ? { type: "api-key", header: "x-api-key", key: "k" }
          : { type: "bearer", token: "k" },
      transport: fetchTransport,
    });

  async function withMock(script: MockScript, use: (mock: MockModel) => Promise<void>): Promise<void> {
    const mock = await startMockModel({ script });
    try {
      await use(mock);
      mock.assertClean();
    } finally {
      await mock.close();
    }
  }

  test("V7: text, usage and reason", async () => {
    await withMock([{ text: "Grüße, 世界 👋", usage: { input: 20, output: 5 } }], async (mock) => {
      const { message } = await collect(modelAt(mock), request([user("hello")], { system: "Be brief." }));
      expect(message).toMatchObject({ stop: { reason: "end" }, usage: { input: 20, output: 5 } });
      expect(plainText(message.content)).toBe("Grüße, 世界 👋");
      expect(mock.requests[0]).toMatchObject({ wire: name, system: "Be brief.", stream: true });
    });
  });

  test("R1 thinking_kept_for_tool_turn: several turns with tools, pictures, failures and steering break no rule", async () => {
    const script: MockScript = [
      {
        reasoning: "I should look.",
        text: "Looking.",
        toolCalls: [
          { name: "Read", input: { file_path: "a.txt" } },
          { name: "Bash", input: { command: "ls" } },
        ],
        format: { interleaveTools: true, duplicateIds: true },
      },
      { toolCalls: [{ name: "Read" }, { name: "Read", rawArguments: "{oops" }] },
      { reasoning: "Enough.", text: "Done." },
      { text: "You are welcome." },
    ];
    await withMock(script, async (mock) => {
      const model = modelAt(mock);
      const messages: Message[] = [user("look around", image)];
      const turn = async (): Promise<Message> => {
        const more = { system: "Be brief.", tools: [readTool, bashTool], maxOutputTokens: 1000 };
        const { message } = await collect(model, request(messages, more));
        messages.push(message);
        for (const [index, call] of toolCalls(message).entries()) {
          messages.push({
            role: "tool",
            call: call.id,
            name: call.name,
            outcome:
              index === 0
                ? { status: "ok", content: [text("contents"), image], details: { hidden: true } }
                : { status: "denied", by: "user", content: [text("No.")] },
          });
        }
        return message;
      };
      const first = await turn();
      expect(first).toMatchObject({ stop: { reason: "tool-calls" } });
      expect(new Set(first.role === "assistant" ? toolCalls(first).map((call) => call.id) : []).size).toBe(2);
      messages.push(user("and hurry"));
      const second = await turn();
      expect(second.role === "assistant" && toolCalls(second)).toMatchObject([
        { input: {} },
        { malformed: expect.any(String) },
      ]);
      await turn();
      messages.push(user("thanks"));
      const last = await turn();
      expect(last).toMatchObject({
        stop: { reason: "end" },
        content: [{ type: "text", text: "You are welcome." }],
      });
    });
  });

  test.each([
    ["stream_split_utf8", { splitBytes: 1 }],
    ["stream_crlf", { crlf: true }],
    ["stream_no_space", { noSpace: true }],
    ["stream_comment_ping", { comments: true, pings: true }],
    ["stream_multi_data_line", { multiDataLines: true }],
    ["L7 byte order mark", { bom: true }],
    ["L10 missing ids", { omitIds: true }],
  ])("%s", async (_, format) => {
    const toolCall = { name: "Bash", input: { command: "echo 世界 👋" } };
    await withMock([{ text: "Grüße 👋", toolCalls: [toolCall, toolCall], format }], async (mock) => {
      const { message } = await collect(modelAt(mock), request([user("hello")], { tools: [bashTool] }));
      expect(message.content).toMatchObject([
        { type: "text", text: "Grüße 👋" },
        { type: "tool-call", input: toolCall.input },
        { type: "tool-call", input: toolCall.input },
      ]);
    });
  });

  test.each([
    ["error_401_no_retry", 401, "auth"],
    ["error_400_no_retry", 400, "bad-request"],
    ["error_429_retry_after", 429, "rate-limit"],
    ["error_500_exhausted", 500, "server"],
    ["error_503", 503, "overloaded"],
  ])("%s", async (_, status, code) => {
    const fault = { type: "status", status, headers: { "retry-after": "3" } } as const;
    await withMock([{ fault }], async (mock) => {
      const { message } = await collect(modelAt(mock), hello);
      expect(message.stop).toMatchObject({ reason: "error", error: { code, status } });
      if (status === 429) expect(message.stop).toMatchObject({ error: { retryAfterMs: 3000 } });
    });
  });

  test("L12: context overflow in the vendor's own words", async () => {
    await withMock([{ fault: { type: "context-overflow" } }], async (mock) => {
      const { message } = await collect(modelAt(mock), hello);
      expect(message.stop).toMatchObject({ error: { code: "context-overflow", retryable: false } });
    });
  });

  test.each(["destroy", "reset", "clean"] as const)("stream_cut_after_text: %s", async (how) => {
    await withMock(
      [{ text: "Some text that is cut.", fault: { type: "cut", at: "after-text", how } }],
      async (mock) => {
        const { message } = await collect(modelAt(mock), hello);
        expect(message.stop).toMatchObject({
          reason: "error",
          error: { code: "interrupted", retryable: true },
        });
      },
    );
  });

  test("stream_cut_in_tool_json: no call comes out whole", async () => {
    const toolCalls = [{ name: "Bash", input: { command: "rm -r everything" } }];
    await withMock(
      [{ toolCalls, fault: { type: "cut", at: "in-tool-json", how: "clean" } }],
      async (mock) => {
        const { message } = await collect(modelAt(mock), request([user("x")], { tools: [bashTool] }));
        expect(message.stop.reason).toBe("error");
        for (const part of message.content) expect(part).toMatchObject({ malformed: expect.any(String) });
      },
    );
  });

  test("error_sse_event after text", async () => {
    await withMock(
      [{ text: "Some text.", fault: { type: "error-event", at: "after-text" } }],
      async (mock) => {
        const { message } = await collect(modelAt(mock), hello);
        expect(message.stop).toMatchObject({ reason: "error", error: { retryable: true } });
        expect(message.content).not.toEqual([]);
      },
    );
  });

  test("V7 stream_cut_before_text, connection reset: sent again", async () => {
    const script: MockScript = [
      { fault: { type: "reset" } },
      { text: "x", fault: { type: "cut", at: "headers" } },
      { fault: { type: "status", status: 529 } },
      { text: "here" },
    ];
    await withMock(script, async (mock) => {
      const model = withRetry(modelAt(mock), { baseDelayMs: 1 });
      const { message, deltas } = await collect(model, hello);
      expect(plainText(message.content)).toBe("here");
      expect(deltas.filter((delta) => delta.type === "retry")).toHaveLength(3);
    });
  });

  test("L8: plain JSON is taken; a redirect, a web page and nothing are not", async () => {
    const html = {
      type: "raw",
      headers: { "content-type": "text/html" },
      body: "<html>Sign in</html>",
    } as const;
    const script: MockScript = [
      { text: "whole", fault: { type: "plain-json" } },
      { fault: { type: "redirect", location: "https://elsewhere.test/" } },
      { fault: html },
      { fault: { type: "raw", body: "" } },
    ];
    await withMock(script, async (mock) => {
      const model = modelAt(mock);
      expect(plainText((await collect(model, hello)).message.content)).toBe("whole");
      for (let index = 1; index < script.length; index += 1) {
        const { message } = await collect(model, hello);
        expect(message.stop).toMatchObject({ error: { code: "bad-response" } });
      }
    });
  });

  test("L7: an event of more than 16 Mi characters", async () => {
    await withMock([{ fault: { type: "huge-event" } }], async (mock) => {
      const { message } = await collect(modelAt(mock), hello);
      expect(message.stop).toMatchObject({ error: { code: "bad-response" } });
    });
  });

  test("rank 12, L6 stream_idle_timeout: a stall, and keep-alives only", async () => {
    const script: MockScript = [
      { text: "Some text.", fault: { type: "stall", at: "after-text" } },
      { text: "Some text.", fault: { type: "pings", at: "after-text", everyMs: 5 } },
      { fault: { type: "stall", at: "request" } },
    ];
    await withMock(script, async (mock) => {
      const model = createModel({
        protocol: protocol(),
        endpoint: { provider: "mock", label: "Mock", url: mock.url },
        auth: { type: "api-key", header: "x-api-key", key: "k" },
        transport: fetchTransport,
        timeouts: { firstEventMs: 300, idleMs: 100 },
      });
      for (const _ of script) {
        const { message } = await collect(model, hello);
        expect(message.stop).toMatchObject({ error: { code: "timeout" } });
        // Nothing is left open: the server sees the connection close.
        await mock.nextClosedEarly();
      }
    });
  });

  test("W18 max_tokens, refusal, empty_reply", async () => {
    const script: MockScript = [{ text: "cut", stop: "length" }, { text: "No.", stop: "refusal" }, {}];
    await withMock(script, async (mock) => {
      const model = modelAt(mock);
      expect((await collect(model, hello)).message.stop.reason).toBe("length");
      // Ollama has no word for a refusal.
      const refused = (await collect(model, hello)).message.stop.reason;
      expect(refused).toBe(name === "ollama-chat" ? "end" : "refusal");
      expect((await collect(model, hello)).message.stop).toMatchObject({ error: { code: "empty-reply" } });
    });
  });
});
