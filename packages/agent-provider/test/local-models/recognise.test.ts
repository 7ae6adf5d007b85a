import { type AssistantMessage, type Model, type ModelDelta, toolCalls } from "@claw/agent-core";
import { modelLaws, type ScriptedReply, scriptedModel } from "@claw/agent-core/testing";
import { type DialectName, dialectNames, type ModelProfile, recogniseToolCalls } from "@claw/agent-provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allDialects } from "../../src/local-models/all-dialects.ts";
import type { Dialect } from "../../src/local-models/dialects/dialect.ts";
import { splitCalls } from "../../src/local-models/split-calls.ts";
import { createTextHold } from "../../src/local-models/text-hold.ts";
import { assembled, collect } from "../support/collect.ts";
import { request, user } from "../support/requests.ts";
import { type CorpusEntry, corpus, corpusTools } from "./corpus.ts";

const asked = request([user("Go on.")], { tools: corpusTools });

/** A model that says one text, cut at the given places. */
function saying(text: string, cuts: readonly number[] = [], stop: ScriptedReply["stop"] = "end"): Model {
  return parts([{ type: "text", text }], cuts, stop);
}

function parts(
  content: AssistantMessage["content"],
  cuts: readonly number[] = [],
  stop: ScriptedReply["stop"] = "end",
): Model {
  return async function* () {
    for (const [index, part] of content.entries()) {
      if (part.type === "tool-call") {
        yield { type: "tool-call-start", index, id: part.id, name: part.name };
        yield { type: "tool-input-delta", index, delta: JSON.stringify(part.input) };
        continue;
      }
      const type = part.type === "text" ? "text-delta" : "reasoning-delta";
      for (const delta of cut(part.text, cuts)) yield { type, index, delta };
    }
    return {
      role: "assistant",
      model: { provider: "p", id: "m" },
      content,
      stop: { reason: stop },
      usage: {},
    };
  };
}

function cut(text: string, cuts: readonly number[]): readonly string[] {
  const at = [
    0,
    ...[...new Set(cuts)].filter((place) => place > 0 && place < text.length).sort((a, b) => a - b),
  ];
  return at
    .map((from, index) => text.slice(from, at[index + 1] ?? text.length))
    .filter((piece) => piece !== "");
}

function profile(dialects: readonly DialectName[], repairs: ModelProfile["repairs"] = "reads"): ModelProfile {
  return { dialects, repairs };
}

function wordsOf({ content }: AssistantMessage): string {
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

function expectMeaning(message: AssistantMessage, entry: CorpusEntry): void {
  const calls = toolCalls(message);
  if (entry.calls.length === 0) {
    expect(message.content).toEqual([{ type: "text", text: entry.text }]);
    expect(message.stop).toEqual({ reason: "end" });
    return;
  }
  expect(calls.map(({ name, input }) => ({ name, input }))).toEqual(entry.calls);
  expect(calls.every(({ malformed }) => (malformed !== undefined) === (entry.malformed === true))).toBe(true);
  expect(calls.every(({ recovered }) => recovered?.from === "text")).toBe(true);
  expect(message.stop).toEqual({ reason: "tool-calls" });
  if (entry.unknown === true) expect(message.content[0]).toEqual({ type: "text", text: entry.text });
  else if (entry.left !== undefined) expect(wordsOf(message)).toBe(entry.left);
}

describe("field 7: what a local model wrote is what it meant", () => {
  test.each(corpus.map((entry) => [entry.id, entry] as const))("%s", async (_id, entry) => {
    const model = recogniseToolCalls(saying(entry.text), profile(entry.dialects));
    expectMeaning((await collect(model, asked)).message, entry);
  });

  test.each(corpus.map((entry) => [entry.id, entry] as const))(
    "in single characters: %s",
    async (_id, entry) => {
      const every = Array.from({ length: entry.text.length }, (_, index) => index);
      const model = recogniseToolCalls(saying(entry.text, every), profile(entry.dialects));
      const { deltas, message } = await collect(model, asked);
      expectMeaning(message, entry);
      expectStreamed(deltas, message);
    },
  );
});

/** What the deltas add up to is the message: nothing lost, nothing twice, all in its place. */
function expectStreamed(deltas: readonly ModelDelta[], message: AssistantMessage): void {
  const whole = message.content.map((part) => {
    if (part.type !== "tool-call") return { type: part.type, text: part.text };
    const text = typeof part.input === "string" ? part.input : JSON.stringify(part.input);
    return { type: part.type, text, name: part.name, id: part.id };
  });
  expect(assembled(deltas)).toEqual(whole.filter((part) => part.type === "tool-call" || part.text !== ""));
}

test("the gain, with and without: every call of the corpus, and none that is no call", async () => {
  const meant = corpus.filter(({ calls }) => calls.length > 0);
  const found = async (wrap: (model: Model, entry: CorpusEntry) => Model) => {
    const replies = await Promise.all(
      corpus.map(async (entry) => (await collect(wrap(saying(entry.text), entry), asked)).message),
    );
    return replies.filter((reply) => toolCalls(reply).length > 0).length;
  };
  const without = await found((model) => model);
  const withProfile = await found((model, { dialects }) => recogniseToolCalls(model, profile(dialects)));
  expect({ entries: corpus.length >= 120, without, withProfile }).toEqual({
    entries: true,
    without: 0,
    withProfile: meant.length,
  });
});

test("a profile that repairs nothing leaves calls with broken arguments as text", async () => {
  for (const entry of corpus.filter(({ malformed, id }) => malformed && id !== "tag-null-arguments")) {
    const model = recogniseToolCalls(saying(entry.text), profile(entry.dialects, "none"));
    expect((await collect(model, asked)).message.content, entry.id).toEqual([
      { type: "text", text: entry.text },
    ]);
  }
});

test("a dialect that is not in the profile is text; a profile without any gives the model itself", async () => {
  for (const entry of corpus.filter(({ dialects }) => dialects.length === 1)) {
    const others = dialectNames.filter((name) => !entry.dialects.includes(name));
    const { message } = await collect(recogniseToolCalls(saying(entry.text), profile(others)), asked);
    for (const { recovered } of toolCalls(message))
      expect(others).toContain(recovered?.from === "text" && recovered.dialect);
  }
  const model = saying("x");
  expect(recogniseToolCalls(model, profile([]))).toBe(model);
});

const tagged = '<tool_call>{"name":"Read","arguments":{"file_path":"/a"}}</tool_call>';

test.each(["length", "refusal"] as const)("law 3: a reply that ended by %s makes no call", async (stop) => {
  const { deltas, message } = await collect(
    recogniseToolCalls(saying(tagged, [5], stop), profile(dialectNames)),
    asked,
  );
  expect(message.content).toEqual([{ type: "text", text: tagged }]);
  expectStreamed(deltas, message);
});

test("a failed reply keeps its text", async () => {
  const fault = { code: "interrupted", message: "gone", retryable: true } as const;
  const { model } = scriptedModel([{ text: tagged, fault }]);
  const { deltas, message } = await collect(recogniseToolCalls(model, profile(dialectNames)), asked);
  expect(message.stop.reason).toBe("error");
  expectStreamed(deltas, message);
});

test("a reply with native calls is left alone, before and behind them", async () => {
  const { model } = scriptedModel([{ text: tagged, calls: [{ name: "Bash", input: { command: "ls" } }] }]);
  const plain = await collect(
    scriptedModel([{ text: tagged, calls: [{ name: "Bash", input: { command: "ls" } }] }]).model,
    asked,
  );
  const { deltas, message } = await collect(recogniseToolCalls(model, profile(dialectNames)), asked);
  expect(message).toEqual(plain.message);
  expect(deltas).toEqual(plain.deltas);
});

test("without tools in the request nothing is looked at", async () => {
  const { message } = await collect(
    recogniseToolCalls(saying(tagged), profile(dialectNames)),
    request([user("hi")]),
  );
  expect(wordsOf(message)).toBe(tagged);
});

test("what can be no call is shown at once, what may be one is not", async () => {
  const text = `It is 3 < 4, see.\n${tagged}`;
  const every = Array.from({ length: text.length }, (_, index) => index);
  const source = saying(text, every);
  let given = 0;
  const watched: Model = async function* (...call) {
    const stream = source(...call);
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return step.value;
      given += 1;
      yield step.value;
    }
  };
  let shown = "";
  const stream = recogniseToolCalls(watched, profile(dialectNames))(asked, new AbortController().signal);
  for await (const delta of stream) {
    if (delta.type !== "text-delta") continue;
    shown += delta.delta;
    expect(given - shown.length).toBeLessThanOrEqual(1); // a `<` waits for what follows it
  }
  expect(shown).toBe("It is 3 < 4, see.\n");
});

test("JSON that is an answer is held back for its first key only", async () => {
  const text = '{"temperature": -3, "city": "Oslo"}';
  const deltas: string[] = [];
  const every = Array.from({ length: text.length }, (_, index) => index);
  const { deltas: all } = await collect(
    recogniseToolCalls(saying(text, every), profile(dialectNames)),
    asked,
  );
  for (const delta of all) if (delta.type === "text-delta") deltas.push(delta.delta);
  expect(all.length).toBeGreaterThan(text.length - 20);
  expect(deltas.join("")).toBe(text);
});

test("parts around a call keep their order; a part that was shown keeps its index", async () => {
  const model = parts([
    { type: "reasoning", text: "hm" },
    { type: "text", text: `A ${tagged} B` },
    { type: "reasoning", text: "so" },
    { type: "text", text: "C" },
  ]);
  const { deltas, message } = await collect(recogniseToolCalls(model, profile(["tool-call-tag"])), asked);
  expect(message.content.map((part) => (part.type === "tool-call" ? part.name : part.text))).toEqual([
    "hm",
    "A ",
    "Read",
    " B",
    "so",
    "C",
  ]);
  expectStreamed(deltas, message);
});

test("a later part that was streamed already stays where it was", async () => {
  const content: AssistantMessage["content"] = [
    { type: "text", text: `A ${tagged}` },
    { type: "reasoning", text: "so" },
    { type: "reasoning", text: "then" },
  ];
  const model: Model = async function* () {
    yield { type: "text-delta", index: 0, delta: "A " };
    yield { type: "reasoning-delta", index: 1, delta: "so" };
    yield { type: "text-delta", index: 0, delta: tagged };
    yield { type: "reasoning-delta", index: 2, delta: "then" };
    return {
      role: "assistant",
      model: { provider: "p", id: "m" },
      content,
      stop: { reason: "end" },
      usage: {},
    };
  };
  const { deltas, message } = await collect(recogniseToolCalls(model, profile(["tool-call-tag"])), asked);
  expect(message.content.map((part) => (part.type === "tool-call" ? part.name : part.text))).toEqual([
    "A ",
    "so",
    "Read",
    "then",
  ]);
  expectStreamed(deltas, message);
});

test("a model that throws throws, after all that it said", async () => {
  const { model } = scriptedModel([{ text: "Look: <tool_call>", misbehave: "throw" }]);
  const said: string[] = [];
  const run = async () => {
    for await (const delta of recogniseToolCalls(model, profile(dialectNames))(
      asked,
      new AbortController().signal,
    )) {
      if (delta.type === "text-delta") said.push(delta.delta);
    }
  };
  await expect(run()).rejects.toThrow("the scripted model throws");
  expect(said.join("")).toBe("Look: <tool_call>");
});

test("who leaves the stream early ends the model's too", async () => {
  let ended = false;
  const model: Model = async function* () {
    try {
      for (;;) yield { type: "text-delta", index: 0, delta: "word " };
    } finally {
      ended = true;
    }
  };
  for await (const _ of recogniseToolCalls(model, profile(dialectNames))(asked, new AbortController().signal))
    break;
  expect(ended).toBe(true);
});

const fragments = fc.constantFrom(
  ...[
    "<tool_call>",
    "</tool_call>",
    "<function=",
    "Read",
    ">",
    "</function>",
    "<parameter=",
    "file_path",
    "</parameter>",
  ],
  ...[
    "[TOOL_CALLS]",
    "[ARGS]",
    '{"name": "Read", "arguments": {"file_path": "/a"}}',
    '{"name": "',
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    '"',
  ],
  ...[
    "```json\n",
    "\n```",
    "`",
    "~~~",
    "\n",
    " ",
    "<|python_tag|>",
    '<invoke name="Read">',
    "</invoke>",
    "words",
    "example",
    "=",
    "'a'",
    "\\",
    ";",
  ],
  ...[
    "<arg_key>",
    "</arg_key>",
    "<arg_value>",
    "</arg_value>",
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁begin｜>",
    "function",
    "<｜tool▁sep｜>",
    "<｜tool▁call▁end｜>",
    '<｜DSML｜invoke name="Read">',
    '<｜DSML｜parameter name="limit" string="false">',
    "</｜DSML｜parameter>",
    "</｜DSML｜invoke>",
  ],
  ...[
    "<|tool_calls_section_begin|>",
    "<|tool_call_begin|>",
    "functions.Read:0",
    "<|tool_call_argument_begin|>",
    "<|tool_call_end|>",
    "<|start|>assistant",
    "<|channel|>",
    "commentary to=functions.Read ",
    "<|constrain|>json",
    "<|message|>",
    "<|call|>",
  ],
);
const anyText = fc.oneof(
  fc.array(fragments, { maxLength: 14 }).map((pieces) => pieces.join("")),
  fc
    .constantFrom(...corpus)
    .chain((entry) => fc.tuple(fc.string(), fc.string()).map(([a, b]) => a + entry.text + b)),
);

test("law: however a text is cut, the reply is the same, and the deltas add up to it", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.array(fc.nat(400), { maxLength: 12 }), async (text, cuts) => {
      const wrap = (model: Model) =>
        recogniseToolCalls(model, profile(dialectNames), { newCallId: () => "call-1" });
      const whole = await collect(wrap(saying(text)), asked);
      const pieces = await collect(wrap(saying(text, cuts)), asked);
      expect(pieces.message).toEqual(whole.message);
      if (text !== "") expectStreamed(pieces.deltas, pieces.message);
    }),
    { numRuns: 2_000 },
  );
});

test("law: no visible character is lost: without a call the text is whole, with one the words are in order", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const { message } = await collect(recogniseToolCalls(saying(text), profile(dialectNames)), asked);
      let at = 0;
      for (const part of message.content) {
        if (part.type !== "text") continue;
        const found = text.indexOf(part.text, at);
        expect(found).toBeGreaterThanOrEqual(at);
        at = found + part.text.length;
      }
      if (toolCalls(message).length === 0) expect(wordsOf(message)).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

const nativeReply = fc.record({
  text: fc.oneof(anyText, fc.string()),
  reasoning: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  calls: fc.array(
    fc.record({
      name: fc.constantFrom("Read", "Bash", "nope"),
      input: fc.dictionary(fc.string(), fc.string()),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

test("law: a valid native reply passes unchanged, delta by delta", async () => {
  await fc.assert(
    fc.asyncProperty(nativeReply, async ({ text, reasoning, calls }) => {
      const script = [{ text, calls, ...(reasoning === undefined ? {} : { reasoning }) }];
      const plain = await collect(scriptedModel(script).model, asked);
      const wrapped = await collect(
        recogniseToolCalls(scriptedModel(script).model, profile(dialectNames)),
        asked,
      );
      expect(wrapped.message).toEqual(plain.message);
      expect(wrapped.deltas.filter(({ type }) => type !== "text-delta")).toEqual(
        plain.deltas.filter(({ type }) => type !== "text-delta"),
      );
      expect(assembled(wrapped.deltas)).toEqual(assembled(plain.deltas));
    }),
    { numRuns: 300 },
  );
});

test.each([
  '<tool_call>{"name":"Read",',
  "<tool_call>",
  '<tool_call>{"name":"Read","arguments":{}}</tool_call>',
  "<function=Read>",
  "<function=Read></function>",
  "<function=Read><parameter=file_path>",
  '<invoke name="Read">',
  "<tool_call>Read<arg_key>",
  "<tool_call>list_files</tool_call>",
  "<｜tool▁call▁begin｜>Read<｜tool▁sep｜>{",
  "<｜tool▁calls▁begin｜>",
  '<｜DSML｜invoke name="Read"><｜DSML｜parameter name="limit">',
  "<|tool_call_begin|>functions.Read:0<|tool_call_argument_begin|>{",
  "<|channel|>commentary to=functions.Read<|message|>{",
  "<|channel|>",
  "[TOOL_CALLS]Read[ARGS]{",
  '[TOOL_CALLS][{"name":"Read",',
  "[Read(file_path=[",
  '```json\n{"name":"Read","arguments":{}}\n```\n',
  '```json\n{"name":"Read",\n```\n',
  "<tool_call> ",
  " ",
  "`",
  "{",
])("text that is made to be looked at for ever takes work in proportion to its length: %j", (piece) => {
  for (const before of ["", "<tool_call>", "[TOOL_CALLS]"]) {
    const [once = 0, twice = 0] = [12_000, 24_000].map((length) =>
      workOf(`${before}${piece.repeat(length / piece.length)}x`),
    );
    expect(twice).toBeLessThanOrEqual(2.1 * once + 25_000);
    expect(twice).toBeLessThanOrEqual(60 * 24_000);
  }
});

test("a long call that comes in small pieces is read whole, with work in proportion to its length", async () => {
  const content = "x".repeat(50_000);
  const text = `<tool_call>${JSON.stringify({ name: "Write", arguments: { file_path: "/a", content } })}</tool_call>`;
  const every = Array.from({ length: text.length / 4 }, (_, index) => index * 4);
  const { message } = await collect(recogniseToolCalls(saying(text, every), profile(dialectNames)), asked);
  expect(toolCalls(message)[0]?.input).toEqual({ file_path: "/a", content });
  expect(workOf(text)).toBeLessThan(3 * text.length);
});

/** What it costs to hold a text back while it comes and to split it at the end: places read, and characters searched. */
function workOf(text: string): number {
  let work = 0;
  const counting = allDialects.map((dialect): Dialect => {
    const read: Dialect["read"] = (all, at, context) => {
      const before = context.work.left;
      const reading = dialect.read(all, at, context);
      work += 1 + before - context.work.left;
      return reading;
    };
    return { ...dialect, read };
  });
  const tools = new Map(corpusTools.map((tool) => [tool.name, tool]));
  const hold = createTextHold(counting, tools, true);
  for (let at = 0; at < text.length; at += 5) hold.take(text.slice(at, at + 5));
  splitCalls(text, counting, tools, true);
  return work;
}

test.each(
  modelLaws(
    recogniseToolCalls(
      ({ messages }, signal) =>
        scriptedModel([{ text: `Hello to ${messages.length}.` }]).model({ messages, tools: [] }, signal),
      profile(dialectNames),
    ),
  ).map((law) => [law.name, law] as const),
)("model law: %s", async (_name, law) => {
  await law.check();
});
