import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { pathToFileURL } from "node:url";
import type { JsonObject, ToolSpec } from "@claw/agent-core";
import { type LlamacppModule, llamacppModel } from "@claw/agent-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grammarSchema } from "../../src/local-models/llamacpp/grammar-schema.ts";
import { collect } from "../support/collect.ts";
import { request, user } from "../support/requests.ts";
import { makeTinyGguf } from "./make-tiny-gguf.js";

/** The package is not in the lock: 85 MB of binaries. `CLAW_NODE_LLAMA_CPP` may name a folder where it is installed. */
function loadReal(): Promise<RealModule> {
  const folder = env["CLAW_NODE_LLAMA_CPP"];
  const from = folder === undefined ? import.meta.url : join(folder, "package.json");
  return import(pathToFileURL(createRequire(from).resolve("node-llama-cpp")).href);
}

/** More of the package than the provider uses: grammars by themselves. */
interface RealModule extends LlamacppModule {
  readonly getLlama: (options?: object) => Promise<
    Awaited<ReturnType<LlamacppModule["getLlama"]>> & {
      createGrammarForJsonSchema(schema: JsonObject): Promise<object>;
    }
  >;
}

const real: RealModule | undefined = await Promise.resolve()
  .then(loadReal)
  .catch(() => undefined);
const why = "not applicable: node-llama-cpp is not installed";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-gguf-"));
  await writeFile(join(folder, "tiny.gguf"), makeTinyGguf(), { mode: 0o600 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the tiny model is a GGUF file of version 3, under 1 MB, and the same each time", () => {
  const bytes = makeTinyGguf();
  const view = new DataView(bytes.buffer);
  expect(new TextDecoder().decode(bytes.slice(0, 4))).toBe("GGUF");
  expect([view.getUint32(4, true), view.getBigUint64(8, true), view.getBigUint64(16, true)]).toEqual([
    3,
    12n,
    21n,
  ]);
  expect(bytes.length).toBeLessThan(1_000_000);
  expect(bytes.length % 32).toBe(0);
  expect(makeTinyGguf()).toEqual(bytes);
  expect(makeTinyGguf(2)).not.toEqual(bytes);
});

const tool: ToolSpec = {
  name: "Read",
  description: "Reads.",
  inputSchema: {
    type: "object",
    properties: { file_path: { type: "string", enum: ["/a", "/b"] }, limit: { type: "integer" } },
    required: ["file_path"],
  },
};

function realModel(module: LlamacppModule) {
  return llamacppModel({
    load: async () => module,
    modelPath: join(folder, "tiny.gguf"),
    contextTokens: 2048,
    threads: 1,
  });
}

test("a real model loads, streams, counts and stops at its limit", async (context) => {
  if (real === undefined) return context.skip(why);
  await using model = realModel(real);
  for (const tools of [[], [tool]]) {
    const { deltas, message } = await collect(
      model,
      request([user("hello")], { tools, maxOutputTokens: 24 }),
    );
    expect(message.stop.reason).toBe("length");
    expect(message.usage.output).toBeGreaterThan(0);
    expect(message.usage.output).toBeLessThanOrEqual(24);
    expect(message.usage.input).toBeGreaterThan(10);
    const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
    expect(deltas.map((delta) => (delta.type === "text-delta" ? delta.delta : "")).join("")).toBe(text);
  }
});

test("a real model stops when it is told to, and takes the next request", async (context) => {
  if (real === undefined) return context.skip(why);
  await using model = realModel(real);
  const controller = new AbortController();
  const stream = model(request([user("hello")]), controller.signal);
  expect((await stream.next()).done).toBe(false);
  controller.abort();
  let last = await stream.next();
  while (last.done !== true) last = await stream.next();
  expect(last.value.stop.reason).toBe("aborted");
  const { message } = await collect(model, request([user("again")], { maxOutputTokens: 8 }));
  expect(message.stop.reason).toBe("length");
});

test("a real model is not loaded from a file that is none", async (context) => {
  if (real === undefined) return context.skip(why);
  const broken = join(folder, "broken.gguf");
  await writeFile(broken, "no model", { mode: 0o600 });
  const { message } = await collect(
    llamacppModel({ load: async () => real, modelPath: broken }),
    request([user("hi")]),
  );
  expect(message.stop).toMatchObject({ reason: "error", error: { code: "unknown-model" } });
});

test("the real grammar takes every schema that we make for it", async (context) => {
  if (real === undefined) return context.skip(why);
  const engine = await real.getLlama({ build: "never", logger: () => undefined });
  const schemas: readonly JsonObject[] = [
    tool.inputSchema,
    {},
    { type: "object" },
    { type: "object", properties: {} },
    { type: "array", items: { type: ["string", "null"] } },
    { type: "object", properties: { a: { $ref: "#" }, b: { anyOf: [{ const: 1 }, { enum: ["x", null] }] } } },
  ];
  for (const schema of schemas) {
    await expect(engine.createGrammarForJsonSchema(grammarSchema(schema))).resolves.toBeDefined();
  }
  await engine.dispose();
});
