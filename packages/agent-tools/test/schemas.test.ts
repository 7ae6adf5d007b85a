import { FaultError, type JsonValue } from "@claw/agent-core";
import { createToolbox, defineTool, jsonSchema, type ToolSchema } from "@claw/agent-tools";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import * as zodMini from "zod/mini";
import { z as zod3 } from "zod/v3";
import { callOf, contextOf, faultCode, readyCall, rejection, textOf } from "./support.ts";

interface Input {
  readonly file_path: string;
  readonly limit?: number | undefined;
}

const schemas: readonly (readonly [string, ToolSchema<Input>])[] = [
  ["zod 4", z.strictObject({ file_path: z.string(), limit: z.number().optional() })],
  ["arktype", type({ "+": "reject", file_path: "string", "limit?": "number" })],
  ["valibot", toStandardJsonSchema(v.strictObject({ file_path: v.string(), limit: v.optional(v.number()) }))],
  [
    "plain JSON Schema",
    jsonSchema<Input>({
      type: "object",
      properties: { file_path: { type: "string" }, limit: { type: "number" } },
      required: ["file_path"],
      additionalProperties: false,
    }),
  ],
];

describe.each(schemas)("%s", (_, input) => {
  const seen: unknown[] = [];
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [
      defineTool({
        name: "Read",
        description: "Reads a file.",
        input,
        effects: ({ file_path }) => [{ type: "read", path: file_path }],
        run: ({ file_path, limit }) => {
          seen.push({ file_path, limit });
          return `${file_path}:${limit ?? "all"}`;
        },
      }),
    ],
  });

  test("a model is shown an object schema without $schema", () => {
    expect(toolbox.specs[0]).toEqual({
      name: "Read",
      description: "Reads a file.",
      inputSchema: {
        type: "object",
        properties: { file_path: { type: "string" }, limit: { type: "number" } },
        required: ["file_path"],
        additionalProperties: false,
      },
    });
  });

  test("input that fits is run as it was checked", async () => {
    const call = await readyCall(toolbox, "Read", { file_path: "/a", limit: 2 });
    expect(call.input).toEqual({ file_path: "/a", limit: 2 });
    expect(call.effects).toEqual([{ type: "read", path: "/a" }]);
    expect(textOf(await call.run(contextOf()))).toBe("/a:2");
  });

  const wrong: readonly (readonly [string, JsonValue, string])[] = [
    ["wrong type", { file_path: 7 }, "$.file_path"],
    ["wrong optional field", { file_path: "/a", limit: "ten" }, "$.limit"],
    ["missing field", { limit: 1 }, "file_path"],
    ["extra field", { file_path: "/a", limt: 1 }, "limt"],
    ["string for an object", '{"file_path":"/a"}', "$"],
    ["null", null, "$"],
    ["array", ["/a"], "$"],
  ];
  test.each(wrong)(
    "R2, L9: %s is an error that names the path; the tool is not run",
    async (_, given, named) => {
      const before = seen.length;
      const outcome = await rejection(toolbox, callOf("Read", given));
      expect(faultCode(outcome)).toBe("invalid-input");
      expect(textOf(outcome)).toContain(named);
      expect(seen.length).toBe(before);
    },
  );

  test("R2: the error names what was expected, what was found, and the field that was meant", async () => {
    const outcome = await rejection(toolbox, callOf("Read", { filePath: "/a", limit: "ten" }));
    expect(textOf(outcome)).toMatch(/\$\.limit: .*number.*\(found string "ten"\)/);
    expect(textOf(outcome)).toContain('$ has no field "filePath"; did you mean file_path?');
  });
});

test("the input type of effects and run follows from the schema", () => {
  defineTool({
    name: "Typed",
    description: "",
    input: z.object({
      count: z.string().transform(Number),
      deep: z.object({ on: z.boolean().default(true) }),
    }),
    effects: (input) => {
      expectTypeOf(input).toEqualTypeOf<{ count: number; deep: { on: boolean } }>();
      return [];
    },
    run: (input) => {
      expectTypeOf(input.count).toEqualTypeOf<number>();
      return "";
    },
  });
});

test("defaults and transforms of a schema are in the input that is judged and in the one that runs", async () => {
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [
      defineTool({
        name: "Wait",
        description: "",
        input: z.object({ seconds: z.number().default(3) }),
        effects: () => [],
        run: ({ seconds }) => String(seconds),
      }),
    ],
  });
  const call = await readyCall(toolbox, "Wait", {});
  expect(call.input).toEqual({ seconds: 3 });
  expect(textOf(await call.run(contextOf()))).toBe("3");
});

test("a value that JSON has not is run, and its input is shown as it was sent", async () => {
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [
      defineTool({
        name: "When",
        description: "",
        input: z.object({ at: z.string().transform((text) => new Date(text)) }),
        effects: () => [],
        run: ({ at }) => String(at.getUTCFullYear()),
      }),
    ],
  });
  const call = await readyCall(toolbox, "When", { at: "2001-02-03" });
  expect(call.input).toEqual({ at: "2001-02-03" });
  expect(textOf(await call.run(contextOf()))).toBe("2001");
});

test("an asynchronous check is awaited", async () => {
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [
      defineTool({
        name: "Slow",
        description: "",
        input: z.object({ name: z.string().refine((name) => Promise.resolve(name !== "no"), "taken") }),
        effects: () => [],
        run: ({ name }) => name,
      }),
    ],
  });
  expect(textOf(await rejection(toolbox, callOf("Slow", { name: "no" })))).toContain("$.name: taken");
  expect((await readyCall(toolbox, "Slow", { name: "yes" })).input).toEqual({ name: "yes" });
});

const unprintable: readonly (readonly [string, unknown])[] = [
  ["zod 3", zod3.object({ a: zod3.string() })],
  ["zod mini", zodMini.object({ a: zodMini.string() })],
  ["valibot without a printer", v.object({ a: v.string() })],
  ["a plain object", { type: "object" }],
  ["nothing", undefined],
  ["a type that JSON has not", z.object({ at: z.date() })],
  ["no object", z.string()],
];
test.each(unprintable)("a schema that cannot be shown to a model is refused at once: %s", (_, input) => {
  const make = (): unknown =>
    createToolbox({
      cwd: "/work",
      // What a caller without types can do.
      tools: [{ name: "Bad", description: "", input: input as ToolSchema, effects: () => [], run: () => "" }],
    });
  expect(make).toThrow(FaultError);
  expect(make).toThrow(/Bad/);
});
