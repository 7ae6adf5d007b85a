import {
  fitsEvent,
  type JsonValue,
  type Model,
  maxEventBytes,
  memoryJournal,
  sessionId,
  text,
} from "@claw/agent-core";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { roughBytes } from "../src/event-size.ts";
import { play, start } from "./arena.ts";

// Hundreds of megabytes are made here, which takes a busy machine a while.
vi.setConfig({ testTimeout: 60_000 });

const jsonBytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("\u0000\u0001", "\ud800", "\u00e4\u4e2d"),
);

test("law: JSON has at most three bytes for each rough one, so what is small needs no exact count", () => {
  const value = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      anyText,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(anyText, tie("value")),
    ),
  }));
  fc.assert(fc.property(value.value, (each) => jsonBytes(each) <= 3 * roughBytes(each)));
  const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
  expect(roughBytes(deep)).toBeGreaterThanOrEqual(5_000);
});

test("what fits is told exactly", () => {
  const room = maxEventBytes - 4_096;
  expect(fitsEvent("x".repeat(room - 2))).toBe(true);
  expect(fitsEvent("x".repeat(room - 1))).toBe(false);
  expect(fitsEvent("\u0001".repeat(Math.ceil(room / 6)))).toBe(false);
});

/** A model that returns one reply whole, without a delta. */
function saying(content: readonly object[]): Model {
  // biome-ignore lint/correctness/useYield: a generator that only returns
  return async function* () {
    const reply = {
      role: "assistant",
      model: { provider: "p", id: "m" },
      content,
      stop: { reason: "end" },
      usage: { input: 1 },
    };
    return reply as never; // looked at by the loop, as whatever a model returns
  };
}

const control = "\u0001".repeat(maxEventBytes / 6);

test.each([
  ["one text", [{ type: "text", text: control }]],
  ["thoughts and an answer", [{ type: "reasoning", text: control }, text("so")]],
  ["thousands of parts", [...Array(500_000)].map(() => ({ type: "text", text: "\u0001".repeat(20) }))],
  ["a call", [text("I write."), { type: "tool-call", id: "a", name: "Alpha", input: { content: control } }]],
  [
    "replay data",
    [{ type: "reasoning", text: "hm", replay: { model: { provider: "p", id: "m" }, data: control } }],
  ],
])(
  "a reply of %s that no journal could keep fails by name, and the session goes on being saved",
  async (_name, content) => {
    const lease = await memoryJournal(() => 0).lease(sessionId("session"));
    const large = await play({
      model: saying(content),
      lease,
      toolset: [{ name: "Alpha", run: async () => "never" }],
    });
    expect(large.result.end).toMatchObject({
      reason: "failed",
      error: { code: "bad-response" },
      usage: { input: 1 },
    });
    for (const event of large.durable) expect(jsonBytes(event)).toBeLessThanOrEqual(maxEventBytes);
    expect(large.durable.map(({ type }) => type)).not.toContain("tool-intent");
    const next = await play({ session: large.session, lease });
    expect(next.result).toMatchObject({ end: { reason: "completed" }, text: "hello" });
  },
);

test("a model that streams for ever is stopped, with the beginning of what it said", async () => {
  const piece = "x".repeat(2 ** 20);
  let pieces = 0;
  const { result } = await play({
    model: async function* () {
      for (;;) {
        pieces += 1;
        yield { type: "text-delta", index: 0, delta: piece };
      }
    },
  });
  expect(result.end).toMatchObject({ reason: "failed", error: { code: "bad-response" } });
  expect(result.text.startsWith(piece)).toBe(true);
  expect(pieces * piece.length).toBeLessThan(maxEventBytes + 2 * piece.length);
});

test("a prompt that no journal could keep ends the run by name, and the session takes the next one", async () => {
  const { run, session } = start({ prompt: control });
  expect((await run.result).end).toMatchObject({ reason: "failed", error: { code: "event-too-large" } });
  expect((await play({ session })).result).toMatchObject({ end: { reason: "completed" }, text: "hello" });
});

test("a result that no journal could keep is told as such, and the run goes on", async () => {
  const { result, durable } = await play({
    script: [{ calls: [{ name: "Alpha" }] }, { text: "I see." }],
    toolset: [{ name: "Alpha", run: async () => control }],
  });
  expect(result).toMatchObject({ end: { reason: "completed" }, text: "I see." });
  expect(result.messages[2]).toMatchObject({ outcome: { status: "failed", error: { code: "tool-broken" } } });
  for (const event of durable) expect(jsonBytes(event)).toBeLessThanOrEqual(maxEventBytes);
});
