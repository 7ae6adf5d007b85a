import { type Message, type ModelDelta, plainText, text, toolCalls } from "@claw/agent-core";
import { type AiSdkModel, type AiSdkOptions, fromAiSdk, withRetry } from "@claw/agent-provider";
import type { Wire } from "@claw/testkit";
import { createAnthropic as createAnthropic2 } from "ai-sdk-anthropic-2";
import { createAnthropic as createAnthropic3 } from "ai-sdk-anthropic-3";
import { createOpenAICompatible as createCompatible1 } from "ai-sdk-openai-compatible-1";
import { createOpenAICompatible as createCompatible2 } from "ai-sdk-openai-compatible-2";
import { describe, expect, test } from "vitest";
import { assembled, collect } from "../support/collect.ts";
import { bashTool, hello, readTool, request, user } from "../support/requests.ts";
import { withMock } from "../support/wires.ts";

interface ProviderCase {
  readonly name: string;
  readonly wire: Wire;
  readonly version: string;
  readonly make: (url: string) => AiSdkModel;
}

/** A model that is known, so that its provider package knows what it can do. */
const claude = "claude-sonnet-4-5";

const providers: readonly ProviderCase[] = [
  {
    name: "@ai-sdk/anthropic 2",
    wire: "anthropic-messages",
    version: "v2",
    make: (url) => createAnthropic2({ baseURL: `${url}/v1`, apiKey: "k" })(claude),
  },
  {
    name: "@ai-sdk/anthropic 3",
    wire: "anthropic-messages",
    version: "v3",
    make: (url) => createAnthropic3({ baseURL: `${url}/v1`, apiKey: "k" })(claude),
  },
  {
    name: "@ai-sdk/openai-compatible 1",
    wire: "openai-chat",
    version: "v2",
    make: (url) =>
      createCompatible1({ name: "mock", baseURL: `${url}/v1`, apiKey: "k", includeUsage: true })(
        "mock-model",
      ),
  },
  {
    name: "@ai-sdk/openai-compatible 2",
    wire: "openai-chat",
    version: "v3",
    make: (url) =>
      createCompatible2({ name: "mock", baseURL: `${url}/v1`, apiKey: "k", includeUsage: true })(
        "mock-model",
      ),
  },
];

const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
const budget: AiSdkOptions = {
  providerOptions: { anthropic: { thinking: { type: "enabled", budgetTokens: 2000 } } },
};

describe.each(providers)("$name", ({ wire, version, make }) => {
  test("V7 V8: text, usage and reason; system, limit and tools are sent", async () => {
    const usage = { input: 20, output: 5, cacheRead: 12 };
    await withMock([{ text: "Grüße, 世界 👋", usage }], async (mock) => {
      const own = make(mock.url);
      expect(own.specificationVersion).toBe(version);
      const { model, ref } = fromAiSdk(own);
      const asked = request([user("hello")], {
        system: "Be brief.",
        maxOutputTokens: 500,
        tools: [bashTool],
      });
      const { message, deltas } = await collect(model, asked);
      expect(ref).toEqual({ provider: `ai-sdk/${own.provider}`, id: own.modelId });
      expect(message).toMatchObject({ model: ref, stop: { reason: "end" }, usage });
      expect(plainText(message.content)).toBe("Grüße, 世界 👋");
      expect(assembled(deltas)).toEqual([{ type: "text", text: "Grüße, 世界 👋" }]);
      expect(mock.requests[0]).toMatchObject({ wire, system: "Be brief.", tools: ["Bash"], stream: true });
      expect(mock.requests[0]?.body["max_tokens"]).toBe(500);
    });
  });

  test("R1 thinking_kept_for_tool_turn: turns with thinking, tools, pictures and failures break no rule", async () => {
    const script = [
      {
        reasoning: "I should look.",
        text: "Looking.",
        toolCalls: [
          { name: "Read", input: { file_path: "a.txt" } },
          { name: "Bash", input: { command: "ls" } },
        ],
      },
      { reasoning: "Again.", toolCalls: [{ name: "Read", input: { file_path: "b.txt" } }] },
      { reasoning: "Enough.", text: "Done." },
      { text: "You are welcome." },
    ];
    await withMock(script, async (mock) => {
      const { model } = fromAiSdk(make(mock.url), budget);
      const messages: Message[] = [user("look around", image)];
      const turn = async (): Promise<void> => {
        const { message } = await collect(model, request(messages, { tools: [readTool, bashTool] }));
        messages.push(message);
        for (const [index, made] of toolCalls(message).entries()) {
          const shown = [text("contents"), image];
          messages.push({
            role: "tool",
            call: made.id,
            name: made.name,
            outcome:
              index === 0
                ? { status: "ok", content: shown, details: { hidden: "no" } }
                : { status: "denied", by: "user", content: [text("No.")] },
          });
        }
      };
      await turn();
      messages.push(user("and hurry"));
      await turn();
      await turn();
      messages.push(user("thanks"));
      await turn();
      const [, first, , , , , , last] = messages;
      expect(first).toMatchObject({
        stop: { reason: "tool-calls" },
        content: [
          { type: "reasoning", text: "I should look.", replay: { data: { type: "reasoning" } } },
          { type: "text", text: "Looking." },
          { type: "tool-call", name: "Read", input: { file_path: "a.txt" } },
          { type: "tool-call", name: "Bash", input: { command: "ls" } },
        ],
      });
      expect(last).toMatchObject({ content: [{ type: "reasoning", text: "Enough." }, { text: "Done." }] });
      expect(mock.requests[3]?.raw).not.toContain("hidden");
      // What was thought went back with the calls that it led to.
      expect(mock.requests[1]?.raw).toContain("I should look.");
    });
  });

  test("W4 L9: arguments that are no JSON come out malformed, with their raw text; none are {}", async () => {
    const script = [
      { toolCalls: [{ name: "Bash", rawArguments: "{oops" }] },
      { toolCalls: [{ name: "Bash" }] },
    ];
    await withMock(script, async (mock) => {
      const { model } = fromAiSdk(make(mock.url));
      const asked = request([user("x")], { tools: [bashTool] });
      const { message } = await collect(model, asked);
      for (const made of toolCalls(message)) {
        expect(made).toMatchObject({ input: "{oops", malformed: expect.any(String) });
      }
      const { message: bare } = await collect(model, asked);
      for (const made of toolCalls(bare)) expect(made.input).toEqual({});
    });
  });

  test("L10: calls get ids of our own", async () => {
    const calls = [1, 2].map((n) => ({ name: "Bash", input: { command: `${n}` }, id: `toolu_${n}` }));
    await withMock([{ toolCalls: calls }], async (mock) => {
      const { message } = await collect(
        fromAiSdk(make(mock.url), { newCallId: () => `own-${Math.random()}`.replace("0.", "") }).model,
        request([user("x")], { tools: [bashTool] }),
      );
      const ids = toolCalls(message).map(({ id }) => id);
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) expect(id).toMatch(/^own-/);
    });
  });

  test.each([
    [400, "bad-request", false],
    [401, "auth", false],
    [404, "unknown-model", false],
    [429, "rate-limit", true],
    [500, "server", true],
    [503, "overloaded", true],
  ])("L1 L2 error_%s: typed, with the vendor's words", async (status, code, retryable) => {
    const fault = {
      type: "status",
      status,
      headers: { "retry-after": "3" },
      message: "the model cannot be had",
    } as const;
    await withMock([{ fault }], async (mock) => {
      const { message } = await collect(fromAiSdk(make(mock.url)).model, hello);
      expect(message.stop).toMatchObject({
        reason: "error",
        error: {
          code,
          retryable,
          status,
          retryAfterMs: 3000,
          message: expect.stringContaining("the model cannot be had"),
        },
      });
    });
  });

  test("L12: context overflow is known by the vendor's words", async () => {
    await withMock([{ fault: { type: "context-overflow" } }], async (mock) => {
      const { message } = await collect(fromAiSdk(make(mock.url)).model, hello);
      expect(message.stop).toMatchObject({ error: { code: "context-overflow", retryable: false } });
    });
  });

  test("V7 error_529_then_ok: with our retries around it, since it has none", async () => {
    const script = [{ fault: { type: "status", status: 529 } }, { text: "here" }] as const;
    await withMock(script, async (mock) => {
      const { message, deltas } = await collect(
        withRetry(fromAiSdk(make(mock.url)).model, { baseDelayMs: 1 }),
        hello,
      );
      expect(plainText(message.content)).toBe("here");
      expect(deltas[0]).toMatchObject({ type: "retry", error: { code: "overloaded" } });
    });
  });

  test.each(["destroy", "reset", "clean"] as const)(
    "L4 L5 stream_cut_after_text (%s): interrupted, never a success, and the text is kept",
    async (how) => {
      const fault = { type: "cut", at: "after-text", how } as const;
      await withMock([{ text: "Some text that is cut in the middle.", fault }], async (mock) => {
        const { message, deltas } = await collect(fromAiSdk(make(mock.url)).model, hello);
        expect(message.stop).toMatchObject({
          reason: "error",
          error: { code: "interrupted", retryable: true },
        });
        // What a reset socket still delivers is the network's choice.
        if (how !== "reset") expect(plainText(message.content)).toMatch(/^Some text/);
        expect(textOf(deltas)).toBe(plainText(message.content));
      });
    },
  );

  test("error_sse_event after text: the vendor's error, with what was said", async () => {
    await withMock(
      [{ text: "Some text.", fault: { type: "error-event", at: "after-text" } }],
      async (mock) => {
        const { message } = await collect(fromAiSdk(make(mock.url)).model, hello);
        expect(message.stop).toMatchObject({ reason: "error", error: { retryable: true } });
        expect(plainText(message.content)).toBe("Some text.");
      },
    );
  });

  test("L6 stream_idle_timeout: a stall before and after some text", async () => {
    const script = [
      { text: "Some text.", fault: { type: "stall", at: "after-text" } },
      { text: "x", fault: { type: "stall", at: "request" } },
    ] as const;
    await withMock(script, async (mock) => {
      const { model } = fromAiSdk(make(mock.url), { timeouts: { firstEventMs: 300, idleMs: 100 } });
      for (const _ of script) {
        expect((await collect(model, hello)).message.stop).toMatchObject({ error: { code: "timeout" } });
      }
    });
  });

  test("W1 cancel_while_streaming: ends as aborted with what came, and the server sees it", async () => {
    await withMock([{ text: "Some text.", fault: { type: "stall", at: "after-text" } }], async (mock) => {
      const controller = new AbortController();
      const stream = fromAiSdk(make(mock.url)).model(hello, controller.signal);
      await stream.next();
      controller.abort();
      let step = await stream.next();
      while (step.done !== true) step = await stream.next();
      expect(step.value.stop).toEqual({ reason: "aborted" });
      expect(plainText(step.value.content)).not.toBe("");
      await mock.nextClosedEarly();
    });
  });

  test("W1: leaving the stream closes the connection", async () => {
    await withMock([{ text: "Some text.", fault: { type: "stall", at: "after-text" } }], async (mock) => {
      for await (const _ of fromAiSdk(make(mock.url)).model(hello, new AbortController().signal)) break;
      await mock.nextClosedEarly();
    });
  });

  test("W18 max_tokens, refusal, empty_reply", async () => {
    const script = [{ text: "cut", stop: "length" }, { text: "No.", stop: "refusal" }, {}] as const;
    await withMock(script, async (mock) => {
      const { model } = fromAiSdk(make(mock.url));
      expect((await collect(model, hello)).message.stop.reason).toBe("length");
      expect((await collect(model, hello)).message.stop.reason).toBe("refusal");
      expect((await collect(model, hello)).message.stop).toMatchObject({ error: { code: "empty-reply" } });
    });
  });

  test("L3: a closed port is a network fault that names the host", async () => {
    let url = "";
    await withMock([], async (mock) => {
      url = mock.url;
    });
    const { message } = await collect(fromAiSdk(make(url)).model, hello);
    expect(message.stop).toMatchObject({
      error: { code: "network", retryable: true, message: expect.stringContaining("refused") },
    });
    expect(JSON.stringify(message.stop)).toContain(new URL(url).host);
  });

  test("reasoning has no common setting in these specifications: a typed fault, and nothing is sent", async () => {
    await withMock([], async (mock) => {
      const { message } = await collect(fromAiSdk(make(mock.url)).model, {
        ...hello,
        reasoning: { effort: "high" },
      });
      expect(message.stop).toMatchObject({
        error: { code: "bad-request", message: expect.stringContaining("providerOptions") },
      });
      expect(mock.hits).toEqual([]);
    });
  });
});

function textOf(deltas: readonly ModelDelta[]): string {
  return deltas.map((delta) => (delta.type === "text-delta" ? delta.delta : "")).join("");
}
