import type { AssistantMessage } from "@claw/agent-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assembled, type Collected, collect } from "./support/collect.ts";
import { fakeTransport } from "./support/fake-transport.ts";
import { modelOf } from "./support/model-of.ts";
import { type ProtocolCase, protocolCases, streamOf } from "./support/protocol-cases.ts";
import { hello } from "./support/requests.ts";

async function readBytes(
  one: ProtocolCase,
  body: readonly Uint8Array[],
  contentType: string = one.contentType,
): Promise<Collected> {
  const { transport } = fakeTransport({ headers: { "content-type": contentType }, body });
  return await collect(modelOf(one.protocol(), transport), hello);
}

const isWhole = ({ stop }: AssistantMessage): boolean => stop.reason !== "error" && stop.reason !== "aborted";

/** What holds however an answer was damaged: a message that is plain data, with a typed end, of what was shown. */
function expectOrderly({ message, deltas }: Collected): void {
  expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  if (message.stop.reason === "error")
    expect(message.stop.error).toMatchObject({
      code: expect.stringMatching(/^[a-z-]+$/),
      message: expect.stringMatching(/\S/),
      retryable: expect.any(Boolean),
    });
  const shown = assembled(deltas) as readonly ShownPart[]; // what `assembled` puts together
  expect(shown.length).toBeLessThanOrEqual(message.content.length);
  for (const [index, part] of message.content.entries()) {
    if (part.type === "tool-call") expect(shown[index]).toMatchObject({ id: part.id, name: part.name });
    else expect(shown[index]?.text ?? "").toBe(part.text);
  }
}

interface ShownPart {
  readonly id?: string;
  readonly name?: string;
  readonly text: string;
}

/** One damage to a stream of bytes: some left out, some put in, some overwritten, some said twice. */
const damage = fc.record({
  kind: fc.constantFrom("delete", "insert", "overwrite", "repeat"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 24 }),
});

function damaged(
  bytes: Uint8Array,
  { kind, at, bytes: more }: { kind: string; at: number; bytes: Uint8Array },
): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const end = Math.min(bytes.length, start + more.length);
  const middle = kind === "delete" ? [] : kind === "repeat" ? bytes.slice(start, end) : more;
  const rest = bytes.slice(kind === "insert" || kind === "repeat" ? start : end);
  return Uint8Array.from([...bytes.slice(0, start), ...middle, ...rest]);
}

describe.each(protocolCases)("$name", (one) => {
  const bytes = new TextEncoder().encode(streamOf(one));
  /** From here on the vendor has said that the reply is whole; the line end behind that may be missing. */
  const whole = wholeFrom(one);

  test("law: cut at any byte, a reply is whole exactly from where the vendor has said so", async () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const { message } = await readBytes(one, [bytes.slice(0, at)]);
      expect(isWhole(message), `cut at byte ${at} of ${bytes.length}`).toBe(at >= whole);
      if (at < whole) expect(message.stop).toMatchObject({ error: { code: "interrupted", retryable: true } });
    }
  });

  test("law: what was shown of a reply that was cut is what is kept of it, and no half call is a whole one", async () => {
    for (let at = 0; at < whole; at += 1) {
      const read = await readBytes(one, [bytes.slice(0, at)]);
      expectOrderly(read);
      for (const part of read.message.content) {
        if (part.type === "tool-call" && part.malformed === undefined)
          expect([{ file_path: "a.txt" }, { command: "ls" }, {}]).toContainEqual(part.input);
      }
    }
  });

  test("law: however a stream is damaged, the reply ends, orderly, and is the same however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(bytes.length), { maxLength: 6 }),
        async (damages, cuts) => {
          const text = damages.reduce(damaged, bytes);
          const read = await readBytes(one, [text]);
          expectOrderly(read);
          const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
          const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
          const again = await readBytes(one, pieces);
          expect(again.message).toEqual(read.message);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("law: noise of any type is a fault, never a reply", async () => {
    const types = fc.constantFrom(one.contentType, "application/json", "text/html", "text/plain", "");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }),
        types,
        async (body, type) => {
          const read = await readBytes(one, body, type);
          expectOrderly(read);
          expect(isWhole(read.message)).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });
});

const calls = [{ id: "c", type: "function", function: { name: "Read", arguments: '{"file_path":"a.txt"}' } }];
const wholeAnswers: Readonly<Record<string, object>> = {
  "anthropic-messages": {
    type: "message",
    content: [
      { type: "text", text: "hi" },
      { type: "tool_use", id: "t", name: "Read", input: { file_path: "a.txt" } },
    ],
    stop_reason: "tool_use",
  },
  "openai-chat": {
    choices: [{ message: { content: "hi", tool_calls: calls }, finish_reason: "tool_calls" }],
  },
  "openai-responses": {
    status: "completed",
    output: [
      { type: "message", content: [{ type: "output_text", text: "hi" }] },
      { type: "function_call", call_id: "a", name: "Read", arguments: '{"file_path":"a.txt"}' },
    ],
  },
  "ollama-chat": {
    message: {
      content: "hi",
      tool_calls: [{ function: { name: "Read", arguments: { file_path: "a.txt" } } }],
    },
    done: true,
    done_reason: "stop",
  },
};

test.each(protocolCases)("law: $name: an answer in one piece that was cut is no reply", async (one) => {
  const text = JSON.stringify(wholeAnswers[one.name], null, one.name === "ollama-chat" ? 0 : 2);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at += 1) {
    const read = await readBytes(one, [bytes.slice(0, at)], "application/json");
    expectOrderly(read);
    expect(isWhole(read.message), `cut at byte ${at}`).toBe(at === bytes.length);
  }
});

/** The number of bytes after which the vendor's word that the reply is whole was read. */
function wholeFrom(one: ProtocolCase): number {
  const said = streamOf(one, one.cutAt + 1).trimEnd();
  return new TextEncoder().encode(said).length;
}
