import { type AssistantMessage, type Message, plainText, text, toolCalls } from "@claw/agent-core";
import { type Clock, type RetryOptions, withRetry } from "@claw/agent-provider";
import type { CutPoint, MockFault, MockReply } from "@claw/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { bashTool, hello, request, user } from "./support/requests.ts";
import { modelAt, wireCases, withMock } from "./support/wires.ts";

const words = "Some text that is long enough to be sent in a good number of pieces.";
const withBash = request([user("go")], { tools: [bashTool] });

/** A clock on which every wait is over at once. */
const impatient: Clock = {
  now: () => Date.now(),
  after: (_ms, run) => {
    let due = true;
    queueMicrotask(() => due && run());
    return () => {
      due = false;
    };
  },
};
const quickly: RetryOptions = { clock: impatient, random: () => 1 };

/** The conversation after a reply, with a result for each of its calls. */
function answered(before: readonly Message[], reply: AssistantMessage): readonly Message[] {
  const results = toolCalls(reply).map(
    (made): Message => ({
      role: "tool",
      call: made.id,
      name: made.name,
      outcome: {
        status: "failed",
        content: [text("It did not run.")],
        error: { code: "malformed-input", message: "It did not run." },
      },
    }),
  );
  return [...before, reply, ...results, user("and now?")];
}

describe.each(wireCases)("$name", ({ name, protocol }) => {
  const isStreamOfEvents = name !== "ollama-chat";

  describe("L1 error_429_retry_after: waits as told", () => {
    test.each([
      ["seconds", { "retry-after": "7" }, 7000],
      ["milliseconds", { "retry-after-ms": "1500" }, 1500],
      ["an absurd time, up to the cap", { "retry-after": "86400" }, 60_000],
      ["a negative time, by its own measure", { "retry-after": "-3" }, 500],
      ["no time, by its own measure", {}, 500],
    ])("%s", async (_, headers, told) => {
      const fault = { type: "status", status: 429, headers } as const;
      await withMock([{ fault }, { text: "here" }], async (mock) => {
        const model = withRetry(modelAt(mock, protocol()), quickly);
        const { message, deltas } = await collect(model, hello);
        expect(plainText(message.content)).toBe("here");
        const [wait] = deltas;
        expect(wait).toMatchObject({ type: "retry", attempt: 1, error: { code: "rate-limit" } });
        const delayMs = wait?.type === "retry" ? wait.delayMs : 0;
        expect(delayMs).toBeGreaterThanOrEqual(told);
        expect(delayMs).toBeLessThanOrEqual(told + 1000);
      });
    });

    test("a date", async () => {
      const date = new Date(Date.now() + 30_000).toUTCString();
      const fault = { type: "status", status: 503, headers: { "retry-after": date } } as const;
      await withMock([{ fault }], async (mock) => {
        const { message } = await collect(modelAt(mock, protocol()), hello);
        const wait = message.stop.reason === "error" ? (message.stop.error.retryAfterMs ?? 0) : 0;
        expect(wait).toBeGreaterThan(20_000);
        expect(wait).toBeLessThanOrEqual(30_000);
      });
    });

    test("W1: stopped while it waits, nothing more is sent", async () => {
      const fault = { type: "status", status: 429, headers: { "retry-after": "60" } } as const;
      await withMock([{ fault }], async (mock) => {
        const controller = new AbortController();
        const stream = withRetry(modelAt(mock, protocol()))(hello, controller.signal);
        expect((await stream.next()).value).toMatchObject({ type: "retry" });
        const end = stream.next();
        controller.abort();
        expect((await end).value).toMatchObject({ stop: { reason: "aborted" } });
        expect(mock.requests).toHaveLength(1);
      });
    });
  });

  test.each([
    [400, "bad-request"],
    [401, "auth"],
    [403, "auth"],
    [404, "unknown-model"],
    [413, "context-overflow"],
    [422, "bad-request"],
  ])("L2 error_%s_no_retry: asked once, typed, without the key", async (status, code) => {
    const key = "very-secret-key";
    const message = `model 'x' not found; you sent ${key}`;
    await withMock([{ fault: { type: "status", status, message } }], async (mock) => {
      const auth = { type: "api-key", header: "x-api-key", key } as const;
      const bearer = { type: "bearer", token: key } as const;
      const own = modelAt(mock, protocol(), { auth: name === "anthropic-messages" ? auth : bearer });
      const { message: reply } = await collect(withRetry(own, quickly), hello);
      const named = status === 400 ? expect.stringMatching(/^(bad-request|unknown-model)$/) : code;
      expect(reply.stop).toMatchObject({ reason: "error", error: { code: named, retryable: false, status } });
      expect(JSON.stringify(reply.stop)).toContain("you sent [redacted]");
      expect(mock.requests).toHaveLength(1);
    });
  });

  test("L3: a closed port is tried three times, then named", async () => {
    let url = "";
    await withMock([], async (mock) => {
      url = mock.url;
      await mock.close();
      const { message, deltas } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
      expect(deltas.filter((delta) => delta.type === "retry")).toHaveLength(2);
      expect(message.stop).toMatchObject({
        error: { code: "network", message: expect.stringContaining(new URL(url).host) },
      });
    });
  });

  describe("L4 stream_cut: sent again exactly when nothing was shown", () => {
    const places: readonly (readonly [string, CutPoint])[] = [
      ["headers", "headers"],
      ["before text", "before-text"],
      ["after text", "after-text"],
      ["after one event", { frames: 1 }],
      ["after two events", { frames: 2 }],
      ["after four events", { frames: 4 }],
      ["in the middle of an event", { bytes: 300 }],
    ];
    test.each(places)("%s", async (_, at) => {
      const fault = { type: "cut", at, how: "clean" } as const;
      await withMock([{ text: words, fault }, { text: "whole" }], async (mock) => {
        const { message, deltas } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
        const shown = deltas.some((delta) => delta.type === "text-delta" && delta.delta !== "whole");
        if (!shown) {
          expect(mock.requests).toHaveLength(2);
          expect(plainText(message.content)).toBe("whole");
          return;
        }
        expect(mock.requests).toHaveLength(1);
        const kept = plainText(message.content);
        expect(words.startsWith(kept)).toBe(true);
        expect(message.stop).toMatchObject({
          error: { code: "interrupted", message: expect.stringContaining(`Kept: ${kept.length} characters`) },
        });
      });
    });

    test("law: on a real connection that ends after any byte, however, no half answer is a whole one", async () => {
      const calls = [{ name: "Bash", input: { command: "ls -la" } }];
      const how = fc.constantFrom("destroy", "reset", "clean");
      await fc.assert(
        fc.asyncProperty(fc.nat(800), how, fc.boolean(), async (bytes, ending, calling) => {
          const fault: MockFault = { type: "cut", at: { bytes }, how: ending };
          const reply = calling ? { text: words, toolCalls: calls, fault } : { text: words, fault };
          await withMock([reply], async (mock) => {
            const { message } = await collect(modelAt(mock, protocol()), withBash);
            if (message.stop.reason === "error") {
              expect(message.stop.error).toMatchObject({
                code: expect.stringMatching(/interrupted|network/),
              });
              return;
            }
            expect(plainText(message.content)).toBe(words);
            expect(toolCalls(message).map(({ input }) => input)).toEqual(
              calling ? calls.map(({ input }) => input) : [],
            );
          });
        }),
        { numRuns: 25 },
      );
    });

    test("error_sse_event before text: sent again; after it: kept", async () => {
      const script: readonly MockReply[] = [
        { text: words, fault: { type: "error-event", at: "before-text" } },
        { text: words, fault: { type: "error-event", at: "after-text" } },
      ];
      await withMock(script, async (mock) => {
        const { message } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
        expect(mock.requests).toHaveLength(2);
        expect(message.stop).toMatchObject({ reason: "error", error: { retryable: true } });
        expect(plainText(message.content)).toBe("Some text th");
      });
    });

    test("stream_cut_in_tool_json: the half call is never whole, and the next request is in order", async () => {
      const calls = [{ name: "Bash", input: { command: "rm -r everything" } }];
      const fault = { type: "cut", at: "in-tool-json", how: "clean" } as const;
      await withMock([{ text: "Well.", toolCalls: calls, fault }, { text: "on" }], async (mock) => {
        const model = modelAt(mock, protocol());
        const { message } = await collect(model, withBash);
        expect(message.stop).toMatchObject({ error: { code: "interrupted" } });
        for (const made of toolCalls(message)) expect(made.malformed).toEqual(expect.any(String));
        const next = request(answered(withBash.messages, message), { tools: [bashTool] });
        expect(plainText((await collect(model, next)).message.content)).toBe("on");
      });
    });
  });

  test("L5: an answer that is whole but for the stream's last event is taken where the vendor said so", async () => {
    const fault = { type: "cut", at: "before-terminal", how: "clean" } as const;
    await withMock([{ text: words, fault }], async (mock) => {
      const { message } = await collect(modelAt(mock, protocol()), hello);
      const saysItBefore = name === "anthropic-messages" || name === "openai-chat";
      expect(message.stop.reason).toBe(saysItBefore ? "end" : "error");
      expect(plainText(message.content)).toBe(words);
    });
  });

  test("L6: pings from the start do not keep a dead answer alive", async () => {
    const fault = { type: "pings", at: "headers", everyMs: 5 } as const;
    await withMock([{ text: "x", fault }], async (mock) => {
      const own = modelAt(mock, protocol(), { timeouts: { firstEventMs: 100, idleMs: 100 } });
      expect((await collect(own, hello)).message.stop).toMatchObject({ error: { code: "timeout" } });
    });
  });

  test("L7: nonsense in the stream is a typed error that shows it", async () => {
    const fault = { type: "malformed", at: "after-text", data: "{not json" } as const;
    await withMock([{ text: words, fault }], async (mock) => {
      const { message } = await collect(modelAt(mock, protocol()), hello);
      expect(message.stop).toMatchObject({
        error: { code: "bad-response", retryable: false, message: expect.stringContaining("{not json") },
      });
    });
  });

  test("L7: an answer without end is given up at its limit", async () => {
    await withMock([{ fault: { type: "endless" } }], async (mock) => {
      const own = modelAt(mock, protocol(), { limits: { reply: 50_000 } });
      expect((await collect(own, hello)).message.stop).toMatchObject({ error: { code: "bad-response" } });
    });
  });

  test.each([
    ["an HTML page with status 200", { headers: { "content-type": "text/html" }, body: "<html>Sign in" }],
    ["plain text", { headers: { "content-type": "text/plain" }, body: "on holiday" }],
    ["JSON that is no answer", { headers: { "content-type": "application/json" }, body: "[1]" }],
    ["nothing", { body: "" }],
    ["an HTML error page", { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad" }],
  ])("L8: %s is no reply, and says what came", async (_, raw) => {
    await withMock([{ fault: { type: "raw", ...raw } }], async (mock) => {
      const { message } = await collect(modelAt(mock, protocol()), hello);
      const code = "status" in raw ? "server" : "bad-response";
      const shown = raw.body === "" ? "nothing" : raw.body.slice(0, 5);
      expect(message.stop).toMatchObject({ error: { code, message: expect.stringContaining(shown) } });
    });
  });

  describe("L9 W4: arguments", () => {
    test.each([
      ["tool_json_invalid", "{oops"],
      ["tool_json_wrong_type: a list", "[1,2]"],
      ["tool_json_wrong_type: null", "null"],
      ["tool_json_wrong_type: a text", '"ls"'],
      ["truncated", '{"command":"l'],
    ])("%s: malformed, and the next request is in order", async (_, rawArguments) => {
      const script = [{ toolCalls: [{ name: "Bash", rawArguments }] }, { text: "Sorry." }];
      await withMock(script, async (mock) => {
        const model = modelAt(mock, protocol());
        const { message } = await collect(model, withBash);
        expect(message.stop.reason).toBe("tool-calls");
        expect(toolCalls(message)).toMatchObject([{ name: "Bash", malformed: expect.any(String) }]);
        const next = request(answered(withBash.messages, message), { tools: [bashTool] });
        expect(plainText((await collect(model, next)).message.content)).toBe("Sorry.");
      });
    });

    test("tool_json_extra_field and unknown_tool go on as they came", async () => {
      const input = { command: "ls", extra: { deep: [1] }, __proto__: undefined };
      const script = [
        {
          toolCalls: [
            { name: "Bash", input: { command: "ls", extra: { deep: [1] } } },
            { name: "No_such", input: {} },
          ],
        },
        { text: "on" },
      ];
      await withMock(script, async (mock) => {
        const model = modelAt(mock, protocol());
        const { message } = await collect(model, withBash);
        expect(toolCalls(message)).toMatchObject([
          { name: "Bash", input: { command: input.command, extra: input.extra } },
          { name: "No_such", input: {} },
        ]);
        await collect(model, request(answered(withBash.messages, message), { tools: [bashTool] }));
      });
    });

    test("tool_without_arguments is a call without any", async () => {
      await withMock([{ toolCalls: [{ name: "Bash" }] }], async (mock) => {
        const { message } = await collect(modelAt(mock, protocol()), withBash);
        const [made] = toolCalls(message);
        expect(made?.input).toEqual({});
        expect(made).not.toHaveProperty("malformed");
      });
    });
  });

  test("L10 W3: ids that are the same, within a reply and over replies, and pieces that take turns", async () => {
    const both = ["1", "2"].map((command) => ({ name: "Bash", input: { command }, id: "call_same" }));
    const format = { interleaveTools: true, duplicateIds: true };
    const script = [{ toolCalls: both, format }, { toolCalls: both, format }, { text: "done" }];
    await withMock(script, async (mock) => {
      const model = modelAt(mock, protocol());
      let messages = withBash.messages;
      const ids: string[] = [];
      for (const _ of [1, 2]) {
        const { message } = await collect(model, request(messages, { tools: [bashTool] }));
        expect(toolCalls(message).map(({ input }) => input)).toEqual([{ command: "1" }, { command: "2" }]);
        ids.push(...toolCalls(message).map(({ id }) => id));
        messages = answered(messages, message);
      }
      expect(new Set(ids).size).toBe(4);
      await collect(model, request(messages, { tools: [bashTool] }));
    });
  });

  describe("L11: answers that say nothing, or stop for an odd reason", () => {
    test.each([
      ["empty_reply", {}],
      ["only thinking", { reasoning: "Hm." }],
      ["only blanks", { text: " \n " }],
    ])("%s: asked once more", async (_, reply) => {
      await withMock([reply, { text: "here" }], async (mock) => {
        const { message, deltas } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
        const shown = deltas[0]?.type !== "retry";
        // Blanks and thinking were shown: then it is for others to ask again.
        expect(mock.requests).toHaveLength(shown ? 1 : 2);
        if (shown) expect(message.stop).toMatchObject({ error: { code: "empty-reply", retryable: true } });
        else expect(plainText(message.content)).toBe("here");
      });
    });

    test("empty for ever: two requests, then an error", async () => {
      await withMock(
        () => ({}),
        async (mock) => {
          const { message } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
          expect(message.stop).toMatchObject({ error: { code: "empty-reply" } });
          expect(mock.requests).toHaveLength(2);
        },
      );
    });

    test("max_tokens: the reason is told, and the next request is in order", async () => {
      await withMock([{ text: "Half of a", stop: "length" }, { text: "n answer." }], async (mock) => {
        const model = modelAt(mock, protocol());
        const { message } = await collect(model, hello);
        expect(message.stop.reason).toBe("length");
        const next = request([...hello.messages, message, user("Go on.")]);
        expect(plainText((await collect(model, next)).message.content)).toBe("n answer.");
      });
    });

    test("a reason that nobody knows is an end, or a cut where the vendor calls it incomplete", async () => {
      await withMock([{ text: "hi", rawStop: "novel_reason" }], async (mock) => {
        const { message } = await collect(modelAt(mock, protocol()), hello);
        expect(message.stop.reason).toBe(name === "openai-responses" ? "length" : "end");
      });
    });
  });

  test("L12: too long is never sent again as it is", async () => {
    await withMock([{ fault: { type: "context-overflow" } }], async (mock) => {
      const { message } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
      expect(message.stop).toMatchObject({ error: { code: "context-overflow", retryable: false } });
      expect(mock.requests).toHaveLength(1);
    });
  });

  test("L13 error_500_exhausted: six requests, then the error", async () => {
    await withMock(
      () => ({ fault: { type: "status", status: 500 } }),
      async (mock) => {
        const { message, deltas } = await collect(withRetry(modelAt(mock, protocol()), quickly), hello);
        expect(mock.requests).toHaveLength(6);
        expect(deltas.map((delta) => (delta.type === "retry" ? delta.attempt : 0))).toEqual([1, 2, 3, 4, 5]);
        expect(message.stop).toMatchObject({ error: { code: "server", status: 500 } });
      },
    );
  });

  test("stream_timing: a delta is here before the server sends the end", async () => {
    let arrived = (): void => undefined;
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const gate = ({ kind }: { readonly kind: string }): Promise<void> | undefined =>
      kind === "terminal" || kind === "stop" ? first : undefined;
    await withMock([{ text: words, format: { gate } }], async (mock) => {
      const stream = modelAt(mock, protocol())(hello, new AbortController().signal);
      const step = await stream.next();
      expect(step.value).toMatchObject({ type: "text-delta" });
      arrived();
      let last = await stream.next();
      while (last.done !== true) last = await stream.next();
      expect(last.value.stop.reason).toBe("end");
    });
  });

  test("cancel_while_streaming: the server sees it, and a next query works", async () => {
    const stall = { type: "stall", at: "after-text" } as const;
    await withMock([{ reasoning: "Hm.", text: words, fault: stall }, { text: "here" }], async (mock) => {
      const model = modelAt(mock, protocol());
      const controller = new AbortController();
      const stream = model(hello, controller.signal);
      let step = await stream.next();
      while (step.done !== true) {
        if (step.value.type === "text-delta") controller.abort();
        step = await stream.next();
      }
      expect(step.value.stop).toEqual({ reason: "aborted" });
      await mock.nextClosedEarly();
      const next = request([...hello.messages, step.value, user("and now?")]);
      expect(plainText((await collect(model, next)).message.content)).toBe("here");
    });
  });

  describe("a failure is never a success", () => {
    const cut = (at: CutPoint, how: "destroy" | "clean"): MockFault => ({ type: "cut", at, how });
    const faults: readonly (readonly [string, MockFault])[] = [
      ...[400, 401, 402, 403, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504, 529].map(
        (status) => [`status ${status}`, { type: "status", status }] as const,
      ),
      ["reset", { type: "reset" }],
      ["overflow", { type: "context-overflow" }],
      ["redirect", { type: "redirect", location: "https://elsewhere.test/" }],
      ["error event", { type: "error-event", at: "before-text" }],
      ["error event of the server", { type: "error-event", at: "after-text", status: 500 }],
      ["malformed", { type: "malformed", at: "before-text", data: "<oops>" }],
      ["cut, clean", cut("before-stop", isStreamOfEvents ? "clean" : "destroy")],
      ["cut, destroyed", cut("after-text", "destroy")],
    ];
    test.each(faults)("%s", async (_, fault) => {
      await withMock([{ text: words, fault }], async (mock) => {
        const { message } = await collect(modelAt(mock, protocol()), hello);
        expect(message.stop).toMatchObject({
          reason: "error",
          error: {
            code: expect.any(String),
            retryable: expect.any(Boolean),
            provider: protocol().model.provider,
            message: expect.stringContaining("Mock at 127.0.0.1"),
          },
        });
      });
    });
  });
});
