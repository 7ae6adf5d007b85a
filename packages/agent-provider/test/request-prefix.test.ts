import type { AssistantPart, Content, Message, ModelRef, ToolOutcome } from "@claw/agent-core";
import { text, toolCallId } from "@claw/agent-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ProtocolCase, protocolCases } from "./support/protocol-cases.ts";
import { assistant, bashTool, readTool, request, result, user } from "./support/requests.ts";

const breakpoint = `,"cache_control":{"type":"ephemeral"}`;
const image: Content[number] = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" };

const words = fc.oneof(fc.string(), fc.constantFrom("", " ", "\ud83d", `x${breakpoint}`, "日本語 👋"));
const part = fc.oneof(words.map(text), fc.constant(image));
const outcome: fc.Arbitrary<ToolOutcome> = fc.oneof(
  fc.array(part, { maxLength: 2 }).map((content): ToolOutcome => ({ status: "ok", content })),
  words.map((said): ToolOutcome => ({ status: "denied", by: "user", content: [text(said)] })),
);

interface Turn {
  readonly asked: readonly Content[number][];
  readonly said: readonly string[];
  readonly thought: string;
  readonly replies: readonly ToolOutcome[];
  readonly steer: string | undefined;
}

const turn: fc.Arbitrary<Turn> = fc.record({
  asked: fc.array(part, { maxLength: 3 }),
  said: fc.array(words, { maxLength: 2 }),
  thought: words,
  replies: fc.array(outcome, { maxLength: 3 }),
  steer: fc.option(words, { nil: undefined }),
});

/** Conversations as a loop sends them: the messages up to each request, each longer than the one before. */
function requestsOf(turns: readonly Turn[], model: ModelRef): readonly (readonly Message[])[] {
  const messages: Message[] = [];
  const sent: Message[][] = [];
  for (const [index, { asked, said, thought, replies, steer }] of turns.entries()) {
    messages.push(user(...asked));
    sent.push([...messages]);
    const calls = replies.map((_, n): AssistantPart => {
      return {
        type: "tool-call",
        id: toolCallId(`t${index}.${n}`),
        name: "Bash",
        input: { command: `${n}` },
      };
    });
    const reasoning: AssistantPart = {
      type: "reasoning",
      text: thought,
      replay: { model, data: { type: "thinking", signature: "c2ln" } },
    };
    messages.push(assistant(model, reasoning, ...said.map(text), ...calls));
    if (replies.length === 0) {
      messages.push(user("and then?"), assistant(model, text("nothing")));
      continue;
    }
    for (const [n, reply] of replies.entries()) messages.push(result(`t${index}.${n}`, "Bash", reply));
    if (steer !== undefined) messages.push(user(steer));
    sent.push([...messages]);
    messages.push(assistant(model, text("done")));
  }
  return sent;
}

const system = "You are a careful assistant.";
const tools = [readTool, bashTool];

function bytes(protocol: ReturnType<ProtocolCase["protocol"]>, messages: readonly Message[]): string {
  return protocol.body(request(messages, { system, tools, cacheKey: "s1" })).join("");
}

describe.each(protocolCases)("$name", (one) => {
  test("V7: each request is a byte prefix of the next, the moving cache breakpoint left aside", () => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 6 }), (turns) => {
        const protocol = one.protocol();
        const sent = requestsOf(turns, one.model).map((messages) => bytes(protocol, messages));
        for (const [index, body] of sent.entries()) {
          expect(() => JSON.parse(body)).not.toThrow();
          const next = sent[index + 1];
          if (next === undefined) continue;
          const plain = body.replaceAll(breakpoint, "");
          // What follows the last message. Anthropic's turns alternate: after a reply that said nothing, the next
          // message joins the last turn, so that there the turn's own end is not part of the prefix.
          const end = one.name === "anthropic-messages" ? "]}]}" : "]}";
          expect(plain.slice(-end.length)).toBe(end);
          expect(next.replaceAll(breakpoint, "").startsWith(plain.slice(0, -end.length))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("V7: a resumed session sends the same bytes, whatever objects its messages are", () => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 4 }), (turns) => {
        const last = requestsOf(turns, one.model).at(-1) ?? [];
        const first = one.protocol();
        for (const messages of requestsOf(turns, one.model)) bytes(first, messages);
        const again = JSON.parse(JSON.stringify(last)) as Message[]; // messages are plain JSON
        expect(bytes(one.protocol(), again)).toBe(bytes(first, last));
      }),
      { numRuns: 50 },
    );
  });

  test("V7: what was sent before changes no byte, also after a rewind, a fork and in turns with another conversation", () => {
    const walk = fc.array(fc.record({ from: fc.nat(), cut: fc.nat(), take: fc.nat() }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 2, maxLength: 5 }), walk, (turns, steps) => {
        const sent = requestsOf(turns, one.model);
        const [start] = sent[0] ?? [];
        if (start === undefined) return;
        const used = one.protocol();
        for (const { from, cut, take } of steps) {
          const source = sent[from % sent.length] ?? [];
          const other = sent[take % sent.length] ?? [];
          const kept = source.slice(0, 1 + (cut % source.length));
          const forked = [start, user("another way"), ...other.slice(1)];
          for (const messages of [source, kept, forked, [user("another"), ...kept], source]) {
            expect(bytes(used, messages)).toBe(bytes(one.protocol(), messages));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("P8: no half of a surrogate pair is sent", () => {
    const body = bytes(one.protocol(), [user("a\ud83db"), assistant(one.model, text("\udc4b")), user("c")]);
    expect(body).not.toMatch(/\\ud[89a-f]/);
    expect(body).toContain("a\uFFFDb");
  });

  test("V7: each message is serialised once, however often it is sent", () => {
    let reads = 0;
    const counted: Content = [
      {
        type: "text",
        get text() {
          reads += 1;
          return "hello";
        },
      },
    ];
    const protocol = one.protocol();
    const message: Message = { role: "user", origin: "human", content: counted };
    bytes(protocol, [message]);
    const once = reads;
    bytes(protocol, [message]);
    bytes(protocol, [message, assistant(one.model, text("hi")), user("again")]);
    expect(once).toBeGreaterThan(0);
    expect(reads).toBe(once);
  });
});
