import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  toolCalls,
} from "@claw/agent-core";
import { modelLaws } from "@claw/agent-core/testing";
import { type LlamacppModule, type LlamacppOptions, llamacppModel } from "@claw/agent-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { grammarSchema } from "../../src/local-models/llamacpp/grammar-schema.ts";
import type {
  LlamacppGenerateOptions,
  LlamacppHistoryItem,
  LlamacppResponse,
} from "../../src/local-models/llamacpp/llamacpp-module.ts";
import { withoutAbsent } from "../../src/local-models/llamacpp/without-absent.ts";
import { assembled, collect } from "../support/collect.ts";
import { assistant, bashTool, call, hello, readTool, request, result, user } from "../support/requests.ts";

type Generate = (
  history: readonly LlamacppHistoryItem[],
  options: LlamacppGenerateOptions,
) => Promise<LlamacppResponse>;

const end: LlamacppResponse = { metadata: { stopReason: "eogToken" } };

/** The package as far as it is used, with a generation of the test's own. */
function fakeModule(generate: Generate, { contextSize = 4096, promptTokens = 10 } = {}) {
  const meter = { usedInputTokens: 0, usedOutputTokens: 0 };
  const seen: { history: LlamacppHistoryItem[]; options: LlamacppGenerateOptions }[] = [];
  const loaded: { path?: string; threads?: number | undefined; size?: unknown; disposed: number } = {
    disposed: 0,
  };
  const module: LlamacppModule = {
    getLlama: async () => ({
      loadModel: async ({ modelPath }) => {
        if (modelPath.includes("broken")) throw new Error("invalid magic characters");
        loaded.path = modelPath;
        return {
          tokenizer: {},
          createContext: async (options) => {
            loaded.threads = options?.threads;
            loaded.size = options?.contextSize;
            return { contextSize, getSequence: () => ({ tokenMeter: meter }) };
          },
        };
      },
      dispose: async () => {
        loaded.disposed += 1;
      },
    }),
    LlamaChat: class {
      chatWrapper = {
        generateContextState: () => ({
          contextText: { tokenize: () => new Array<number>(promptTokens).fill(0) },
        }),
      };
      async generateResponse(history: LlamacppHistoryItem[], options: LlamacppGenerateOptions) {
        seen.push({ history: structuredClone(history), options });
        meter.usedInputTokens += 4;
        meter.usedOutputTokens += 3;
        return generate(history, options);
      }
    },
  };
  return { module, seen, loaded };
}

function modelOf(module: LlamacppModule, more: Partial<LlamacppOptions> = {}) {
  return llamacppModel({
    load: async () => module,
    modelPath: "/models/tiny.gguf",
    newCallId: () => "call-1",
    ...more,
  });
}

const words: Generate = async (_history, { onResponseChunk }) => {
  for (const text of ["Hel", "lo."]) onResponseChunk({ text });
  return end;
};

test.each(modelLaws(modelOf(fakeModule(words).module)).map((law) => [law.name, law] as const))(
  "model law: %s",
  async (_name, law) => {
    await law.check();
  },
);

test("text and thoughts are streamed as they come, and counted", async () => {
  const { module } = fakeModule(async (_history, { onResponseChunk }) => {
    onResponseChunk({ type: "segment", text: "Hm." });
    await Promise.resolve();
    onResponseChunk({ type: undefined, text: "Hello." });
    return end;
  });
  const { deltas, message } = await collect(modelOf(module), hello);
  expect(message.content).toEqual([
    { type: "reasoning", text: "Hm." },
    { type: "text", text: "Hello." },
  ]);
  expect(assembled(deltas)).toEqual(message.content);
  expect(message.stop).toEqual({ reason: "end", raw: "eogToken" });
  expect(message.usage).toEqual({ input: 10, cacheRead: 6, output: 3, cost: 0 });
  expect(message.model).toEqual({ provider: "llamacpp", id: "tiny.gguf" });
});

test("the first piece is shown before the second one is made", async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { module } = fakeModule(async (_history, { onResponseChunk }) => {
    onResponseChunk({ text: "one" });
    await gate;
    onResponseChunk({ text: "two" });
    return end;
  });
  const stream = modelOf(module)(hello, new AbortController().signal);
  expect((await stream.next()).value).toMatchObject({ delta: "one" });
  release();
  expect((await stream.next()).value).toMatchObject({ delta: "two" });
  expect((await stream.next()).done).toBe(true);
});

const searchTool = {
  name: "Search",
  description: "Searches.",
  inputSchema: {
    type: "object",
    properties: { query: { type: "string" }, limit: { type: "integer" }, note: { type: ["string", "null"] } },
    required: ["query"],
  },
} as const;

test("calls are made under a grammar; what it can only leave out as null is left out", async () => {
  const { module, seen } = fakeModule(async () => ({
    functionCalls: [
      { functionName: "Search", params: { query: "otter", limit: null, note: null } },
      { functionName: "Search", params: { query: "owl", limit: 3, note: "n" } },
    ],
    metadata: { stopReason: "functionCalls" },
  }));
  const { deltas, message } = await collect(
    modelOf(module),
    request([user("Go on.")], { tools: [searchTool] }),
  );
  expect(toolCalls(message).map(({ input }) => input)).toEqual([
    { query: "otter", note: null },
    { query: "owl", limit: 3, note: "n" },
  ]);
  expect(message.stop.reason).toBe("tool-calls");
  expect(deltas.map(({ type }) => type)).toEqual([
    "tool-call-start",
    "tool-input-delta",
    "tool-call-start",
    "tool-input-delta",
  ]);
  expect(seen[0]?.options.functions).toEqual({
    Search: { description: "Searches.", params: grammarSchema(searchTool.inputSchema) },
  });
});

test("the conversation becomes turns of user and model, calls together with their results", async () => {
  const { module, seen } = fakeModule(words);
  const own = { provider: "llamacpp", id: "tiny.gguf" };
  const other = { provider: "ollama", id: "qwen" };
  const conversation: ModelRequest = {
    system: "Be kind.",
    tools: [readTool, bashTool],
    messages: [
      user("Read /a."),
      assistant(
        own,
        { type: "reasoning", text: "Hm." },
        { type: "text", text: "I will." },
        call("c1", "Read", { file_path: "/a" }),
        call("c2", "Bash", { command: "ls" }),
      ),
      result("c1", "Read", "plum"),
      result("c2", "Bash", { status: "denied", by: "user", content: [{ type: "text", text: "No." }] }),
      assistant(other, { type: "reasoning", text: "secret" }, { type: "text", text: "It says plum." }),
      user("And this?", { type: "image", mediaType: "image/png", data: "" }),
      user("Hello?"),
    ],
  };
  await collect(modelOf(module), conversation);
  expect(seen[0]?.history).toEqual([
    { type: "system", text: "Be kind." },
    { type: "user", text: "Read /a." },
    {
      type: "model",
      response: [
        { type: "segment", segmentType: "thought", text: "Hm.", ended: true },
        "I will.",
        {
          type: "functionCall",
          name: "Read",
          params: { file_path: "/a" },
          result: "plum",
          startsNewChunk: true,
        },
        { type: "functionCall", name: "Bash", params: { command: "ls" }, result: { error: "No." } },
        "It says plum.",
      ],
    },
    { type: "user", text: "And this?\n[This image (image/png) cannot be shown to this model.]\n\nHello?" },
    { type: "model", response: [] },
  ]);
});

test("a package that is not there is a fault with the command that installs it", async () => {
  const load = async (): Promise<LlamacppModule> => {
    throw Object.assign(new Error("Cannot find package 'node-llama-cpp'"), { code: "ERR_MODULE_NOT_FOUND" });
  };
  const { message } = await collect(llamacppModel({ load, modelPath: "/a.gguf" }), hello);
  expect(message.stop).toMatchObject({
    reason: "error",
    error: { code: "bad-request", message: "node-llama-cpp is not installed.", retryable: false },
  });
  const hint = message.stop.reason === "error" ? message.stop.error.hint : "";
  expect(hint).toContain("npm install --omit=optional --ignore-scripts node-llama-cpp");
});

test("a package that cannot be loaded, and a file that is no model, say so; the next request tries again", async () => {
  const { module, loaded } = fakeModule(words);
  let tries = 0;
  const load = async (): Promise<LlamacppModule> => {
    tries += 1;
    if (tries === 1) throw new Error("wrong ELF class");
    return module;
  };
  const model = modelOf(module, { load });
  expect((await collect(model, hello)).message.stop).toMatchObject({
    error: { message: expect.stringContaining("wrong ELF class") },
  });
  expect((await collect(model, hello)).message.stop.reason).toBe("end");
  await collect(model, hello);
  expect([tries, loaded.path]).toEqual([2, "/models/tiny.gguf"]);
  const broken = modelOf(module, { modelPath: "/models/broken.gguf" });
  expect((await collect(broken, hello)).message.stop).toMatchObject({
    error: { code: "unknown-model", message: expect.stringContaining("invalid magic characters") },
  });
});

test("L12: a prompt that leaves no room is an overflow, instead of being cut silently", async () => {
  const { module, seen } = fakeModule(words, { contextSize: 100, promptTokens: 90 });
  const { message } = await collect(modelOf(module), hello);
  expect(message.stop).toMatchObject({ reason: "error", error: { code: "context-overflow" } });
  expect(seen).toEqual([]);
});

test("a reply is never longer than what is asked for and what there is room for", async () => {
  const { module, seen } = fakeModule(async () => ({ metadata: { stopReason: "maxTokens" } }), {
    contextSize: 1000,
    promptTokens: 100,
  });
  const { message } = await collect(modelOf(module), { ...hello, maxOutputTokens: 50 });
  await collect(modelOf(module), hello);
  await collect(modelOf(module), { ...hello, maxOutputTokens: 5000 });
  expect(message.stop.reason).toBe("length");
  expect(seen.map(({ options }) => options.maxTokens)).toEqual([50, 884, 884]);
});

test("settings reach the package, and only those that were made", async () => {
  const { module, seen, loaded } = fakeModule(words);
  await collect(modelOf(module, { threads: 3, contextTokens: 2048, temperature: 0.5, seed: 7 }), hello);
  expect(loaded).toMatchObject({ threads: 3, size: { max: 2048 } });
  expect(seen[0]?.options).toMatchObject({ temperature: 0.5, seed: 7, stopOnAbortSignal: true });
  await collect(modelOf(module), hello);
  expect(new Set(Object.keys(seen[1]?.options ?? {}))).toEqual(
    new Set(["maxTokens", "onResponseChunk", "signal", "stopOnAbortSignal"]),
  );
});

test("generation that breaks is a fault, with what was said before", async () => {
  const { module } = fakeModule(async (_history, { onResponseChunk }) => {
    onResponseChunk({ text: "Hel" });
    throw new Error("out of memory");
  });
  const { message } = await collect(modelOf(module), hello);
  expect(message.content).toEqual([{ type: "text", text: "Hel" }]);
  expect(message.stop).toMatchObject({
    reason: "error",
    error: { code: "server", message: "llama.cpp failed: out of memory" },
  });
});

const untilStopped: Generate = (_history, { signal, onResponseChunk }) =>
  new Promise((resolve) => {
    onResponseChunk({ text: "on and on" });
    signal.addEventListener("abort", () => resolve({ metadata: { stopReason: "abort" } }));
  });

test("W1: a stop ends generation and keeps what was said", async () => {
  const { module, seen } = fakeModule(untilStopped);
  const controller = new AbortController();
  const stream = modelOf(module)(hello, controller.signal);
  expect((await stream.next()).value).toMatchObject({ delta: "on and on" });
  controller.abort();
  const last = await stream.next();
  expect(last).toMatchObject({
    done: true,
    value: { stop: { reason: "aborted" }, content: [{ text: "on and on" }] },
  });
  expect(seen[0]?.options.signal.aborted).toBe(true);
});

test("W1: a stop does not wait for a load that hangs, nor for generation that does not listen", async () => {
  const hanging = new Promise<never>(() => undefined);
  const loading = new AbortController();
  const first = collect(llamacppModel({ load: () => hanging, modelPath: "/a.gguf" }), hello, loading.signal);
  loading.abort();
  expect((await first).message.stop.reason).toBe("aborted");
  const generating = new AbortController();
  const deaf = fakeModule(() => hanging);
  const second = modelOf(deaf.module)(hello, generating.signal).next();
  while (deaf.seen.length === 0) await Promise.resolve();
  generating.abort();
  expect(await second).toMatchObject({ done: true, value: { stop: { reason: "aborted" } } });
});

test("who leaves the stream early stops generation", async () => {
  const { module, seen } = fakeModule(untilStopped);
  for await (const _ of modelOf(module)(hello, new AbortController().signal)) break;
  expect(seen[0]?.options.signal.aborted).toBe(true);
});

test("requests take turns: there is one sequence", async () => {
  let running = 0;
  let most = 0;
  const { module } = fakeModule(async (_history, { onResponseChunk }) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    onResponseChunk({ text: "done" });
    running -= 1;
    return end;
  });
  const model = modelOf(module);
  const replies = await Promise.all([1, 2, 3].map(() => collect(model, hello)));
  expect(most).toBe(1);
  expect(replies.every(({ message }) => message.stop.reason === "end")).toBe(true);
});

test("disposing lets go of the engine, once, and only of one that was loaded", async () => {
  const { module, loaded } = fakeModule(words);
  const model = modelOf(module);
  await model[Symbol.asyncDispose]();
  await collect(model, hello);
  await model[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
  expect(loaded.disposed).toBe(1);
});

test.each<readonly [string, JsonObject, JsonObject]>([
  ["text", { type: "string", minLength: 3, pattern: "^a" }, { type: "string" }],
  ["enum", { type: "string", enum: ["a", "b"] }, { enum: ["a", "b"] }],
  ["const", { const: 3 }, { enum: [3] }],
  ["several types", { type: ["string", "null"] }, { oneOf: [{ type: "string" }, { type: "null" }] }],
  ["array", { type: "array", items: { type: "integer" } }, { type: "array", items: { type: "integer" } }],
  [
    "anyOf",
    { anyOf: [{ type: "string" }, { type: "number" }] },
    { oneOf: [{ type: "string" }, { type: "number" }] },
  ],
  [
    "implied object",
    { properties: { a: { type: "string" } }, required: ["a"] },
    { type: "object", properties: { a: { type: "string" } } },
  ],
  [
    "optional property",
    { type: "object", properties: { a: { type: "string", description: "A." } } },
    {
      type: "object",
      properties: { a: { oneOf: [{ type: "string", description: "A." }, { type: "null" }] } },
    },
  ],
  ["reference", { $ref: "#/$defs/x", $defs: { x: { type: "boolean" } } }, { type: "boolean" }],
  [
    "map",
    { type: "object", additionalProperties: { type: "string" } },
    { type: "object", additionalProperties: { type: "string" } },
  ],
])("a schema in the grammar's subset: %s", (_name, schema, wanted) => {
  expect(grammarSchema(schema)).toEqual(wanted);
});

test("schemas without words in the subset allow anything, and those without an end have one", () => {
  const anything = grammarSchema({});
  for (const schema of [
    { not: {} },
    { type: "weird" },
    { $ref: "https://example.com/x" },
    { enum: [] },
    { allOf: [] },
  ]) {
    expect(grammarSchema(schema)).toEqual(anything);
  }
  const endless: JsonObject = {
    type: "object",
    properties: { next: { $ref: "#" }, other: { $ref: "#" } },
    required: ["next", "other"],
  };
  expect(JSON.stringify(grammarSchema(endless)).length).toBeLessThan(200_000);
});

const property = fc.record({
  schema: fc.constantFrom<JsonObject>(
    { type: "string" },
    { type: "integer" },
    { type: ["string", "null"] },
    {},
  ),
  required: fc.boolean(),
  given: fc.boolean(),
});

test("law: leaving out what is null only for the grammar gives back what was meant", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), property), (entries) => {
      const schema: JsonObject = {
        type: "object",
        properties: Object.fromEntries(Object.entries(entries).map(([key, { schema: own }]) => [key, own])),
        required: Object.entries(entries).flatMap(([key, { required }]) => (required ? [key] : [])),
      };
      const written = Object.entries(entries).map(([key, { given }]): [string, JsonValue] => [
        key,
        given ? "x" : null,
      ]);
      const kept = withoutAbsent(Object.fromEntries(written), schema);
      if (!isJsonObject(kept)) throw new Error("no object");
      for (const [key, value] of written) {
        const entry = entries[key];
        const takesNull = entry?.schema["type"] === undefined || Array.isArray(entry.schema["type"]);
        const isKept = value !== null || entry?.required === true || takesNull;
        expect(Object.hasOwn(kept, key)).toBe(isKept);
        if (isKept) expect(kept[key]).toBe(value);
      }
    }),
  );
});
