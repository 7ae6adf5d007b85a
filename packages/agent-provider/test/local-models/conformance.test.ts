import { isJsonObject, type JsonObject, type Model, type ModelRequest, toolCalls } from "@claw/agent-core";
import { type ScriptedReply, scriptedModel } from "@claw/agent-core/testing";
import {
  type CaseResult,
  type ConformanceCase,
  conformanceCases,
  type DialectName,
  type ExpectedValue,
  runConformance,
  scoreConformance,
} from "@claw/agent-provider";
import { expect, test } from "vitest";

const cases = conformanceCases();
const { signal } = new AbortController();

interface WantedCall {
  readonly name: string;
  readonly input: JsonObject;
}

/** A model that does what each case wants, and makes its calls as `speak` has it. */
function ideal(speak: (calls: readonly WantedCall[]) => ScriptedReply): Model {
  return scriptedModel((request) => {
    const given = cases.find(({ prompt }) => prompt === promptOf(request));
    if (given === undefined) throw new Error("an unknown prompt");
    const step = stepOf(given, request);
    if (step !== undefined) return speak(step);
    return { text: `Here it is: ${given.says.join(" ")}.` };
  }).model;
}

function promptOf({ messages: [first] }: ModelRequest): string {
  const part = first?.role === "user" ? first.content[0] : undefined;
  return part?.type === "text" ? part.text : "";
}

function stepOf(given: ConformanceCase, { messages }: ModelRequest): readonly WantedCall[] | undefined {
  let answered = messages.filter(({ role }) => role === "tool").length;
  for (const { calls } of given.steps) {
    if (answered < calls.length) return calls.map(({ name, input }) => ({ name, input: example(input) }));
    answered -= calls.length;
  }
  return undefined;
}

function example(input: Readonly<Record<string, ExpectedValue>>): JsonObject {
  const values = Object.entries(input).map(([key, value]) => {
    const isText = typeof value === "object" && value !== null && "example" in value;
    return [key, isText ? value.example : value];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(values))) as JsonObject; // plain JSON, by its making
}

const native = (calls: readonly WantedCall[]): ScriptedReply => ({ calls });

async function resultsOf(model: Model): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for await (const result of runConformance(model, { signal })) results.push(result);
  return results;
}

test("there are about sixty cases, each with an id and a prompt of its own", () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(new Set(cases.map(({ prompt }) => prompt)).size).toBe(cases.length);
  for (const { tools, steps } of cases) {
    const names = tools.map(({ name }) => name);
    for (const { calls } of steps) for (const { name } of calls) expect(names).toContain(name);
  }
});

test("a model that does all of it natively passes every case", async () => {
  const results = await resultsOf(ideal(native));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  const score = scoreConformance(results);
  expect(score).toMatchObject({ passed: cases.length, cases: cases.length });
  expect(score.profile).toMatchObject({ dialects: [], repairs: "none" });
  expect(score.categories.reduce((sum, category) => sum + category.cases, 0)).toBe(cases.length);
  expect(score.categories.map(({ category }) => category)).toHaveLength(11);
});

const json = ({ name, input }: WantedCall): string => JSON.stringify({ name, arguments: input });
const tags = ({ name, input }: WantedCall): string => {
  const values = Object.entries(input).map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `<parameter=${key}>\n${text}\n</parameter>\n`;
  });
  return `<tool_call>\n<function=${name}>\n${values.join("")}</function>\n</tool_call>`;
};

const speakers: readonly (readonly [DialectName, (calls: readonly WantedCall[]) => string])[] = [
  ["tool-call-tag", (calls) => calls.map((call) => `<tool_call>\n${json(call)}\n</tool_call>`).join("\n")],
  ["function-tag", (calls) => calls.map(tags).join("\n")],
  ["bare-json", (calls) => calls.map(json).join("; ")],
  ["mistral-marker", (calls) => `[TOOL_CALLS] [${calls.map(json).join(", ")}]`],
  ["fenced-json", (calls) => calls.map((call) => `\`\`\`json\n${json(call)}\n\`\`\``).join("\n\n")],
];

test.each(speakers)(
  "a model that speaks %s passes every case, and its profile says so",
  async (dialect, write) => {
    const results = await resultsOf(ideal((calls) => ({ text: write(calls) })));
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(scoreConformance(results).profile).toMatchObject({ dialects: [dialect], repairs: "none" });
  },
);

test("a model that never calls passes only where no call is wanted", async () => {
  const results = await resultsOf(scriptedModel(() => ({ text: "I cannot do that." })).model);
  const passed = results.filter((result) => result.passed).map(({ id }) => id);
  const silent = cases
    .filter(({ steps, says }) => steps.length === 0 && says.length === 0)
    .map(({ id }) => id);
  expect(passed).toEqual(silent);
  expect(results.find(({ id }) => id === "single-weather")?.why).toBe("it did not call get_weather");
});

test("a model that always calls passes no case in which it should not", async () => {
  const model = scriptedModel(({ tools: [tool] }) => ({
    calls: [{ name: tool?.name ?? "none", input: {} }],
  })).model;
  const results = await resultsOf(model);
  expect(
    results
      .filter(({ category }) => category === "no-call" || category === "inventing")
      .some(({ passed }) => passed),
  ).toBe(false);
});

test.each<readonly [string, (calls: readonly WantedCall[]) => ScriptedReply, string]>([
  [
    "invents names",
    (calls) => ({ calls: calls.map(({ input }) => ({ name: "do_it", input })) }),
    "which is no tool",
  ],
  [
    "writes broken JSON",
    (calls) => ({ calls: calls.map(({ name }) => ({ name, input: "{", malformed: "unexpected end" })) }),
    "are no JSON",
  ],
  [
    "sends everything as text",
    (calls) => ({ calls: calls.map(({ name, input }) => ({ name, input: texts(input) })) }),
    "",
  ],
  ["is cut off", (calls) => ({ calls: [...calls], stop: "length" }), "ended by length"],
  [
    "adds arguments",
    (calls) => ({ calls: calls.map(({ name, input }) => ({ name, input: { ...input, why: "" } })) }),
    "is not in the schema",
  ],
])("a model that %s is told why it failed", async (_how, speak, why) => {
  const failed = (await resultsOf(ideal(speak))).filter(({ passed }) => !passed);
  expect(failed.length).toBeGreaterThan(8);
  for (const result of failed) expect(result.why).toContain(why);
});

function texts(input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

test("a model that makes one call at a time fails the parallel cases only", async () => {
  const results = await resultsOf(ideal((calls) => native(calls.slice(0, 1))));
  expect(new Set(results.filter(({ passed }) => !passed).map(({ category }) => category))).toEqual(
    new Set(["parallel"]),
  );
});

test("a model that calls twice what was wanted once fails", async () => {
  const results = await resultsOf(ideal((calls) => native([...calls, ...calls])));
  const passed = results.filter((result) => result.passed).map(({ category }) => category);
  expect(new Set(passed)).toEqual(new Set(["no-call", "inventing"]));
});

test("a model that makes calls out of explanations does not get the dialect into its profile for it", async () => {
  const fence = '```json\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n```';
  const model: Model = ideal(native);
  const explaining: Model = (request, stop) =>
    promptOf(request).startsWith("Show me")
      ? scriptedModel([{ text: fence }]).model(request, stop)
      : model(request, stop);
  const results = await resultsOf(explaining);
  expect(results.filter(({ passed }) => !passed).map(({ id }) => id)).toEqual(["no-call-example"]);
  expect(scoreConformance(results).profile.dialects).toEqual([]);
});

test("malformed calls show in the profile", async () => {
  const model = ideal((calls) => ({
    calls: calls.map(({ name }) => ({ name, input: "{", malformed: "broken" })),
  }));
  expect(scoreConformance(await resultsOf(model)).profile.repairs).toBe("reads");
});

test("a model that fails, throws or says nothing does not pass and does not end the run", async () => {
  const fault = { code: "server", message: "out of memory", retryable: false } as const;
  const replies: readonly ScriptedReply[] = [{ fault }, { misbehave: "throw" }, {}];
  let turn = 0;
  const results = await resultsOf(scriptedModel(() => replies[turn++ % 3] ?? {}).model);
  expect(results).toHaveLength(cases.length);
  expect(results.some(({ passed }) => passed)).toBe(false);
  expect(results[0]?.why).toBe("the model failed: out of memory");
  expect(results[1]?.why).toBe("the model broke: the scripted model throws");
});

test("the run ends when the signal fires", async () => {
  const controller = new AbortController();
  const results: CaseResult[] = [];
  for await (const result of runConformance(ideal(native), { signal: controller.signal })) {
    results.push(result);
    if (results.length === 3) controller.abort();
  }
  expect(results).toHaveLength(3);
});

test("tool results reach the model, failures as failures, and usage is added up", async () => {
  const asked: ModelRequest[] = [];
  const wanted = ideal(native);
  const model: Model = async function* (request, stop) {
    asked.push({ ...request, messages: [...request.messages] });
    const stream = wanted(request, stop);
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return { ...step.value, usage: { input: 10, output: 1 } };
      yield step.value;
    }
  };
  const only = cases.filter(({ id }) => id === "recovery-path");
  for await (const result of runConformance(model, { signal, cases: only })) {
    expect(result).toMatchObject({
      passed: true,
      requests: 3,
      usage: { input: 30, output: 3 },
      forms: ["native"],
    });
  }
  const outcomes = asked
    .at(-1)
    ?.messages.flatMap((message) => (message.role === "tool" ? [message.outcome.status] : []));
  expect(outcomes).toEqual(["failed", "ok"]);
  const replies = asked.at(-1)?.messages.filter(({ role }) => role === "assistant") ?? [];
  expect(
    replies.every(
      (reply) => reply.role === "assistant" && toolCalls(reply).every(({ input }) => isJsonObject(input)),
    ),
  ).toBe(true);
});
