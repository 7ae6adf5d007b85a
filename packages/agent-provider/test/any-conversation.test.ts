import type { AssistantPart, Content, Message, ModelRef, ToolOutcome } from "@claw/agent-core";
import { text, toolCallId } from "@claw/agent-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { bashTool, readTool, request } from "./support/requests.ts";
import { modelAt, wireCases, withMock } from "./support/wires.ts";

const words = fc.oneof(fc.string(), fc.constantFrom("", " ", "\n", "\ud83d", "日本語 👋", "x".repeat(500)));
const file = (mediaType: string): Content[number] => ({
  type: "file",
  mediaType,
  data: "aGk=",
  name: "a b.x",
});
const image = (mediaType: string): Content[number] => ({ type: "image", mediaType, data: "iVBORw0KGgo=" });
const part: fc.Arbitrary<Content[number]> = fc.oneof(
  words.map(text),
  fc.constantFrom(image("image/png"), image("image/webp"), image("image/bmp"), image("nonsense")),
  fc.constantFrom(file("application/pdf"), file("text/plain"), file("application/zip")),
);
const content = fc.array(part, { maxLength: 3 });

const outcome: fc.Arbitrary<ToolOutcome> = fc.oneof(
  content.map((said): ToolOutcome => ({ status: "ok", content: said })),
  content.map((said): ToolOutcome => ({ status: "denied", by: "user", content: said })),
  content.map(
    (said): ToolOutcome => ({
      status: "failed",
      content: said,
      error: { code: "tool-broken", message: "It broke." },
    }),
  ),
);

const elsewhere: ModelRef = { provider: "elsewhere", id: "other" };
const said: fc.Arbitrary<AssistantPart> = fc.oneof(
  words.map(text),
  words.map((thought): AssistantPart => ({ type: "reasoning", text: thought })),
  words.map((thought): AssistantPart => {
    return { type: "reasoning", text: thought, replay: { model: elsewhere, data: { secret: "of another" } } };
  }),
);

interface Call {
  readonly name: string;
  readonly input: string | object;
  readonly outcome: ToolOutcome;
}

const call: fc.Arbitrary<Call> = fc.record({
  name: fc.constantFrom("Bash", "Read", "No such tool!", "", "x".repeat(200), "日本"),
  input: fc.oneof(
    fc.constantFrom({ command: "ls" }, {}, { deep: { list: [1, null, "\udc4b"] } }),
    // What was no JSON object is kept as it came.
    fc.constantFrom("{oops", "[1]", "null", ""),
  ),
  outcome,
});

interface Turn {
  readonly asked: Content;
  readonly reply: readonly AssistantPart[];
  readonly calls: readonly Call[];
  readonly steer: Content | undefined;
}

const turn: fc.Arbitrary<Turn> = fc.record({
  asked: content,
  reply: fc.array(said, { maxLength: 3 }),
  calls: fc.array(call, { maxLength: 3 }),
  steer: fc.option(content, { nil: undefined }),
});

/** A conversation as a session can hold it, up to a request: the last word is never the model's. */
function conversation(turns: readonly Turn[], model: ModelRef): readonly Message[] {
  const messages: Message[] = [];
  for (const [index, { asked, reply, calls, steer }] of turns.entries()) {
    messages.push({ role: "user", origin: "human", content: asked });
    const made = calls.map(({ name, input }, at): AssistantPart => {
      const id = toolCallId(`call.${index}.${at}.${"i".repeat(60)}`);
      const malformed = typeof input === "string" ? { malformed: "It is no JSON object." } : {};
      return { type: "tool-call", id, name, input: JSON.parse(JSON.stringify(input)), ...malformed };
    });
    const stop = made.length > 0 ? "tool-calls" : "end";
    messages.push({
      role: "assistant",
      model,
      content: [...reply, ...made],
      stop: { reason: stop },
      usage: {},
    });
    for (const [at, { name, outcome: got }] of calls.entries()) {
      const answered = made[at];
      if (answered?.type !== "tool-call") continue;
      messages.push({ role: "tool", call: answered.id, name, outcome: got });
    }
    if (steer !== undefined) messages.push({ role: "user", origin: "steer", content: steer });
  }
  if (messages.at(-1)?.role === "assistant")
    messages.push({ role: "user", origin: "human", content: [text("And now?")] });
  return messages;
}

test.each(wireCases)(
  "law: $name: whatever a conversation holds, its request breaks no rule of the vendor, and shows no model another's data",
  { timeout: 60_000 },
  async ({ protocol, ref }) => {
    await withMock(
      () => ({ text: "ok" }),
      async (mock) => {
        const model = modelAt(mock, protocol());
        const system = fc.option(words, { nil: undefined });
        await fc.assert(
          fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 4 }), system, async (turns, told) => {
            const messages = conversation(turns, ref);
            const more = told === undefined ? {} : { system: told };
            const { message } = await collect(
              model,
              request(messages, { tools: [bashTool, readTool], ...more }),
            );
            expect(mock.violations).toEqual([]);
            expect(message.stop).toEqual({ reason: "end", raw: expect.any(String) });
            expect(mock.requests.at(-1)?.raw).not.toContain("of another");
          }),
          { numRuns: 120 },
        );
      },
    );
  },
);
