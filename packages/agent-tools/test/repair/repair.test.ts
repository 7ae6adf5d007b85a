import { type Effect, isJsonObject, type JsonValue, type ToolCallPart, toolCallId } from "@claw/agent-core";
import { type AnyTool, createToolbox, defineTool } from "@claw/agent-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { hasEnd } from "../../src/repair/has-end.ts";
import { repairCall } from "../../src/repair/repair-call.ts";
import { contextOf, faultCode, textOf } from "../support.ts";

function brokenCall(raw: string, more: Partial<ToolCallPart> = {}): ToolCallPart {
  const id = toolCallId("call-1");
  return { type: "tool-call", id, name: "T", input: raw, malformed: "It is not valid JSON.", ...more };
}

function toolWith(effects: readonly Effect[], seen: JsonValue[] = []): AnyTool {
  return defineTool({
    name: "T",
    description: "",
    input: z.looseObject({}),
    effects: () => effects,
    run: (input) => {
      seen.push(input as JsonValue); // a loose object of parsed JSON
      return { status: "ok", content: [{ type: "text", text: "done" }], details: { lines: 3 } };
    },
  });
}

async function outcomeOf(tool: AnyTool, call: ToolCallPart) {
  const preparation = await createToolbox({ tools: [tool], cwd: "/work" }).prepare(call);
  return preparation.type === "rejected" ? preparation.outcome : preparation.call.run(contextOf());
}

const fromText = { from: "text", dialect: "hermes" } as const;
const write: Effect = { type: "write", path: "/work/a" };
const read: Effect = { type: "read", path: "/work/a" };
const beyondReads: readonly Effect[] = [
  write,
  { type: "shell", command: "ls", cwd: "/work" },
  { type: "exec", argv: ["ls"], cwd: "/work" },
  { type: "net", url: "https://example.com/", method: "GET" },
  { type: "mcp", server: "s", tool: "t", readOnly: true },
  { type: "unknown", detail: "?" },
];

const lossless: readonly (readonly [
  name: string,
  raw: string,
  input: JsonValue,
  fixes: readonly string[],
])[] = [
  ["code fence", '```json\n{"a": 1}\n```', { a: 1 }, ["code-fence"]],
  ["code fence without a word", '```\n{"a": 1}```', { a: 1 }, ["code-fence"]],
  ["code fence on one line", '```json {"a": 1} ```', { a: 1 }, ["code-fence"]],
  ["raw newline", '{"a": "x\ny"}', { a: "x\ny" }, ["control-character"]],
  ["raw tab and return", '{"a": "x\t\r\ny"}', { a: "x\t\r\ny" }, ["control-character"]],
  ["raw control beside escapes", '{"a": "\\"\\\\\u0001"}', { a: '"\\\u0001' }, ["control-character"]],
  ["trailing comma", '{"a": 1,}', { a: 1 }, ["trailing-comma"]],
  [
    "trailing commas",
    '{"a": [1, 2, ], "b": {"c": ",}",\n},\n}',
    { a: [1, 2], b: { c: ",}" } },
    ["trailing-comma"],
  ],
  ["JSON in a string", '"{\\"a\\": 1}"', { a: 1 }, ["json-in-string"]],
  [
    "JSON in a string, twice",
    JSON.stringify(JSON.stringify('{"a":1}')),
    { a: 1 },
    ["json-in-string", "json-in-string"],
  ],
  ["nothing", "", {}, ["empty"]],
  ["blanks", " \n", {}, ["empty"]],
  ["an empty fence", "```json\n```", {}, ["code-fence", "empty"]],
  [
    "several at once",
    '```json\n{"a": "x\ny",}\n```',
    { a: "x\ny" },
    ["code-fence", "control-character", "trailing-comma"],
  ],
];

test.each(lossless)(
  "L9: a slip with one meaning is mended losslessly: %s",
  async (_name, raw, input, fixes) => {
    expect(await repairCall(brokenCall(raw))).toEqual({ input, fixes, readsOnly: false });
  },
);

test.each(lossless)("L9: what was mended losslessly runs whatever it does: %s", async (_name, raw, input) => {
  for (const effect of [read, ...beyondReads]) {
    const seen: JsonValue[] = [];
    expect((await outcomeOf(toolWith([effect], seen), brokenCall(raw))).status).toBe("ok");
    expect(seen).toEqual([input]);
  }
});

test.each([
  ["single quotes", "{'a': 'b'}", { a: "b" }],
  ["keys without quotes", '{a: "b"}', { a: "b" }],
  ["Python's words", '{"a": True, "b": None}', { a: true, b: null }],
  ["a comment", '{"a": 1 // one\n}', { a: 1 }],
  ["a missing comma", '{"a": 1 "b": 2}', { a: 1, b: 2 }],
  ["quotes inside", '{"a": "say "hi" there"}', { a: 'say "hi" there' }],
])("L9: a guess runs only a call that reads: %s", async (_name, raw, input) => {
  expect(await repairCall(brokenCall(raw))).toEqual({ input, fixes: ["guessed"], readsOnly: true });
  for (const effects of [[], [read], [read, read]]) {
    const seen: JsonValue[] = [];
    expect((await outcomeOf(toolWith(effects, seen), brokenCall(raw))).status).toBe("ok");
    expect(seen).toEqual([input]);
  }
  for (const effect of beyondReads) {
    const seen: JsonValue[] = [];
    const outcome = await outcomeOf(toolWith([read, effect], seen), brokenCall(raw));
    expect(faultCode(outcome)).toBe("malformed-input");
    expect(textOf(outcome)).toContain("never run on a guess");
    expect(textOf(outcome)).toContain("It is not valid JSON.");
    expect(seen).toEqual([]);
  }
});

test.each([
  ["an unclosed object", '{"a": 1'],
  ["an unclosed string", '{"a": "b'],
  ["an unclosed list", "{'a': [1}"],
  ["a pattern whose backslash would be lost", '{"pattern": "\\d+"}'],
  ["a path whose backslash would be lost", "{'path': \"C:\\work\"}"],
  ["a list", "[1, 2]"],
  ["a number", "7"],
  ["null", "null"],
  ["prose", "I would rather not."],
  ["prose and an object", 'Sure: {"a": 1}'],
  ["two objects", '{"a": 1}{"b": 2}'],
  ["a string of blanks", '" "'],
])("L9: what has no end or no single object in it is never guessed at: %s", async (_name, raw) => {
  const seen: JsonValue[] = [];
  expect(faultCode(await outcomeOf(toolWith([], seen), brokenCall(raw)))).toBe("malformed-input");
  expect(seen).toEqual([]);
});

test("a comma that follows no value is no trailing comma", async () => {
  for (const raw of ['{"a": [,]}', "{,}", '{"a":,}']) {
    expect((await repairCall(brokenCall(raw)))?.readsOnly).not.toBe(false);
  }
});

test.each(["", '{"a": 1,}', "{'a': 1}", '{"a": "x'])(
  "L9: a call that was cut off by length is never repaired: %j",
  async (raw) => {
    const malformed = "The reply was cut off inside the arguments. Unexpected end of JSON input";
    expect(await repairCall(brokenCall(raw, { malformed }))).toBeUndefined();
  },
);

test.each(['{"a": 1,}', "{'a': 1}"])(
  "a call found in text runs after a repair only when it reads: %s",
  async (raw) => {
    const call = brokenCall(raw, { recovered: fromText });
    expect((await outcomeOf(toolWith([read]), call)).status).toBe("ok");
    expect(faultCode(await outcomeOf(toolWith([write]), call))).toBe("malformed-input");
  },
);

test("a call found in text that needed no repair is prepared like any other", async () => {
  const call: ToolCallPart = {
    type: "tool-call",
    id: toolCallId("call-1"),
    name: "T",
    input: { a: 1 },
    recovered: fromText,
  };
  const outcome = await outcomeOf(toolWith([write]), call);
  expect(textOf(outcome)).toBe("done");
});

test("the model is told how it should have written them, people see the fixes", async () => {
  const outcome = await outcomeOf(toolWith([write]), brokenCall('{"a": 1,}'));
  expect(outcome.content[0]).toEqual({
    type: "text",
    text: '[The arguments of T were not valid JSON and were repaired (trailing-comma). They should have been: {"a":1}]\n',
  });
  expect(outcome).toMatchObject({
    details: { lines: 3, repaired: { fixes: ["trailing-comma"], input: { a: 1 } } },
  });
});

test("a repaired value is checked against the schema as any other", async () => {
  const seen: unknown[] = [];
  const strict = defineTool({
    name: "T",
    description: "",
    input: z.object({ a: z.string() }),
    effects: () => [],
    run: (input) => String(seen.push(input)),
  });
  const mended = await outcomeOf(strict, brokenCall('{"a": 1,}'));
  expect(faultCode(mended)).toBe("invalid-input");
  expect(textOf(mended)).toContain("$.a");
  expect(faultCode(await outcomeOf(strict, brokenCall("{'a': 1}")))).toBe("malformed-input");
  expect(seen).toEqual([]);
});

test("a long note and a hostile one stay short and well formed", async () => {
  const outcome = await outcomeOf(toolWith([]), brokenCall(`{"a": "${"\u{1f600}".repeat(10_000)}",}`));
  expect(textOf(outcome).length).toBeLessThan(600);
  expect(textOf(outcome)).not.toMatch(/\p{Surrogate}/u);
});

const anyObject = fc.jsonValue({ maxDepth: 4 }).map((value) => {
  const plain = JSON.parse(JSON.stringify(value)) as JsonValue; // JSON.parse returns nothing else
  return isJsonObject(plain) ? plain : { value: plain };
});

test("law: valid JSON passes repair unchanged, however it is laid out", async () => {
  await fc.assert(
    fc.asyncProperty(anyObject, fc.constantFrom(undefined, 1, 2, "\t"), async (input, indent) => {
      const repair = await repairCall(brokenCall(JSON.stringify(input, null, indent)));
      expect(repair).toEqual({ input, fixes: [], readsOnly: false });
      expect(hasEnd(JSON.stringify({ input }, null, indent))).toBe(true);
    }),
  );
});

test("law: lossless fixes give back exactly the value that was spoiled", async () => {
  const spoilers: readonly ((text: string) => string)[] = [
    (text) => `\`\`\`json\n${text}\n\`\`\``,
    (text) => JSON.stringify(text),
    (text) => text.replaceAll("\\n", "\n").replaceAll("\\t", "\t"),
    (text) => (text === "{}" ? text : `${text.slice(0, -1)},\n}`),
  ];
  const spoiled = fc.tuple(
    fc.dictionary(fc.stringMatching(/^[a-z]*$/), fc.stringMatching(/^[a-z\n\t"{},]*$/)),
    fc.constantFrom(...spoilers),
  );
  await fc.assert(
    fc.asyncProperty(spoiled, async ([input, spoil]) => {
      const plain = JSON.parse(JSON.stringify(input)) as JsonValue; // JSON.parse returns nothing else
      expect((await repairCall(brokenCall(spoil(JSON.stringify(plain)))))?.input).toEqual(plain);
    }),
  );
});

test("law: every beginning of a JSON text that is not all of it is refused", async () => {
  await fc.assert(
    fc.asyncProperty(anyObject, fc.nat(), async (input, at) => {
      const text = JSON.stringify(input);
      const beginning = text.slice(0, 1 + (at % (text.length - 1)));
      fc.pre(beginning.length < text.length);
      expect(await repairCall(brokenCall(beginning))).toBeUndefined();
    }),
  );
});

test("law: no text whatever makes repair throw, and what it gives is an object", async () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ",",
    ":",
    "\\",
    "\n",
    "```",
    "a",
    "1",
    " ",
    "None",
    "\ud800",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 24 }), async (parts) => {
      const repair = await repairCall(brokenCall(parts.join("")));
      expect(repair === undefined || isJsonObject(repair.input)).toBe(true);
    }),
  );
});

test("a toolbox that was told to repairs nothing, not even what has one meaning", async () => {
  for (const [, raw] of lossless) {
    const seen: JsonValue[] = [];
    const toolbox = createToolbox({ tools: [toolWith([read], seen)], cwd: "/work", repairArguments: false });
    const preparation = await toolbox.prepare(brokenCall(raw));
    expect(preparation.type === "rejected" && faultCode(preparation.outcome)).toBe("malformed-input");
    expect(seen).toEqual([]);
  }
});
