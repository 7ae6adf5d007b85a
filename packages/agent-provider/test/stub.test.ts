import { isFault, parseStubScript, type StubScript, stubModel } from "@claw/agent-provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assembled, collect } from "./support/collect.ts";
import { manualClock } from "./support/manual-clock.ts";
import { hello } from "./support/requests.ts";

function script(...lines: readonly (object | string)[]): StubScript {
  const parsed = parseStubScript(
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
  if (isFault(parsed)) throw new Error(parsed.message);
  return parsed;
}

describe("V5: a scripted stub", () => {
  test("says its replies in order, in deltas, at no cost", async () => {
    const model = stubModel(
      script({ reasoning: "Hm.", text: "one two three four five" }, "", { text: "later" }),
    );
    const first = await collect(model, hello);
    expect(first.message).toEqual({
      role: "assistant",
      model: { provider: "stub", id: "stub" },
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "text", text: "one two three four five" },
      ],
      stop: { reason: "end" },
      usage: { input: 0, output: 0, cost: 0 },
    });
    expect(first.deltas).toHaveLength(3);
    expect(assembled(first.deltas)).toEqual(first.message.content);
    expect((await collect(model, hello)).message.content).toEqual([{ type: "text", text: "later" }]);
  });

  test("calls tools, also with arguments that are no JSON", async () => {
    const toolCalls = [
      { name: "Read", input: { file_path: "a" } },
      { name: "Read", raw: "{oops" },
      { name: "Read", raw: "" },
    ];
    const { message } = await collect(stubModel(script({ text: "Now.", toolCalls })), hello);
    expect(message.stop).toEqual({ reason: "tool-calls" });
    expect(message.content).toMatchObject([
      { type: "text", text: "Now." },
      { type: "tool-call", name: "Read", input: { file_path: "a" } },
      { type: "tool-call", name: "Read", input: "{oops", malformed: expect.any(String) },
      { type: "tool-call", name: "Read", input: {} },
    ]);
    const ids = message.content.map((part) => (part.type === "tool-call" ? part.id : part.type));
    expect(new Set(ids).size).toBe(4);
  });

  test("fails as told, after what it said", async () => {
    const error = { code: "rate-limit", retryable: true, retryAfterMs: 5 };
    const { message } = await collect(stubModel(script({ text: "half", error })), hello);
    expect(message.stop).toMatchObject({ reason: "error", error: { ...error, provider: "stub" } });
    expect(message.content).toEqual([{ type: "text", text: "half" }]);
  });

  test("stop, usage and chunks are as told", async () => {
    const reply = { text: "👋 日本語", stop: "length", usage: { input: 7, output: 3 }, chunks: 5 };
    const { message, deltas } = await collect(stubModel(script(reply)), hello);
    expect(message).toMatchObject({ stop: { reason: "length" }, usage: { input: 7, output: 3 } });
    expect(deltas).toHaveLength(5);
    expect(assembled(deltas)).toEqual([{ type: "text", text: "👋 日本語" }]);
  });

  test("a request past the end is an error that says so", async () => {
    const model = stubModel(script({ text: "only" }));
    await collect(model, hello);
    const { message } = await collect(model, hello);
    expect(message.stop).toMatchObject({
      reason: "error",
      error: {
        code: "bad-request",
        message: "The stub script is over: it has 1 reply, and this is request 2.",
      },
    });
  });

  test("W1: a delay passes on the given clock, and an abort ends it at once", async () => {
    const clock = manualClock();
    const model = stubModel(script({ text: "late", delayMs: 5000 }, { text: "never", delayMs: 5000 }), {
      clock,
    });
    const running = collect(model, hello);
    await clock.waitingFor(5000);
    clock.advance(5000);
    expect((await running).message.content).toEqual([{ type: "text", text: "late" }]);
    const controller = new AbortController();
    const stopped = collect(model, hello, controller.signal);
    controller.abort();
    expect((await stopped).message).toMatchObject({ stop: { reason: "aborted" }, content: [] });
  });

  test("W1: an abort between two deltas keeps what was said", async () => {
    const controller = new AbortController();
    const stream = stubModel(script({ text: "abcd", chunks: 4 }))(hello, controller.signal);
    await stream.next();
    controller.abort();
    const step = await stream.next();
    expect(step).toMatchObject({
      done: true,
      value: { stop: { reason: "aborted" }, content: [{ text: "a" }] },
    });
  });
});

describe("parseStubScript", () => {
  test.each([
    ["", "no replies"],
    ["\n\n", "no replies"],
    ["{}\n{oops", "Line 2"],
    ["[]", "not a JSON object"],
    [`{"txt":"x"}`, '"txt" is not a field; there are: text, reasoning, toolCalls'],
    [`{"text":1}`, '"text" has a value'],
    [`{"toolCalls":[{"input":{}}]}`, "has no name"],
    [`{"toolCalls":[{"name":"x"}]}`, "either"],
    [`{"toolCalls":[{"name":"x","input":{},"raw":""}]}`, "either"],
    [`{"toolCalls":[{"name":"x","input":[]}]}`, '"input" has a value'],
    [`{"error":{}}`, '"error" has a value'],
    [`{"error":{"code":"oops"}}`, '"error" has a value'],
    [`{"error":{"code":"toString"}}`, '"error" has a value'],
    [`{"stop":"aborted"}`, '"stop" has a value'],
    [`{"chunks":0}`, '"chunks" has a value'],
    [`{"delayMs":-1}`, '"delayMs" has a value'],
    [`{"__proto__":1}`, '"__proto__" is not a field'],
  ])("%s is a fault that says where and what", (text, why) => {
    expect(parseStubScript(text)).toMatchObject({
      code: "bad-script",
      message: expect.stringContaining(why),
    });
  });

  test("takes any line ends and a byte order mark", () => {
    expect(parseStubScript(`\uFEFF{"text":"a"}\r\n\r\n{"text":"b"}\r\n`)).toEqual({
      replies: [{ text: "a" }, { text: "b" }],
    });
  });

  test("never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseStubScript(text)));
  });
});
