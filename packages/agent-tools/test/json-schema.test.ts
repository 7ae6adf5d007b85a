import type { JsonObject, JsonValue } from "@claw/agent-core";
import { createToolbox, jsonSchema } from "@claw/agent-tools";
import { expect, test } from "vitest";
import { callOf, textOf } from "./support.ts";

async function problems(schema: JsonObject, input: JsonValue, ignorePatterns = false): Promise<string> {
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [
      {
        name: "T",
        description: "",
        input: jsonSchema(schema, { ignorePatterns }),
        effects: () => [],
        run: () => "",
      },
    ],
  });
  const preparation = await toolbox.prepare(callOf("T", input));
  return preparation.type === "ready" ? "" : textOf(preparation.outcome);
}

const nested: JsonObject = {
  type: "object",
  properties: {
    edits: {
      type: "array",
      items: {
        type: "object",
        properties: { mode: { enum: ["add", "cut"] }, at: { type: ["integer", "null"], minimum: 1 } },
        required: ["mode"],
        additionalProperties: false,
      },
    },
    either: { anyOf: [{ type: "string" }, { type: "number" }] },
  },
};

test("R2: only the deepest error of each place is told, with its path", async () => {
  const told = await problems(nested, { edits: [{ mode: "add" }, { mode: "paste", at: 0, mdoe: 1 }, {}] });
  expect(told.split("\n").slice(1, -1)).toEqual([
    '- $.edits[1].mode: expected one of "add","cut" (found string "paste")',
    "- $.edits[1].at: expected at least 1 (found number 0)",
    "- $.edits[1].mdoe: unknown field (found number 1)",
    "- $.edits[2].mode: required, but missing (found nothing)",
  ]);
});

test("R2: the branches of a choice are one problem", async () => {
  expect(await problems(nested, { either: true })).toContain(
    "- $.either: expected string, or expected number (found boolean true)",
  );
});

test("R2: at most five problems are told, and how many are left", async () => {
  const told = await problems(nested, { edits: Array.from({ length: 9 }, () => ({})) });
  expect(told.match(/required, but missing/g)).toHaveLength(5);
  expect(told).toContain("and 4 more");
});

test("names with every character are addressed as JSON", async () => {
  const schema: JsonObject = {
    type: "object",
    properties: { "a/b~c%23#": { type: "string" }, "x y": { type: "string" } },
  };
  expect(await problems(schema, { "a/b~c%23#": 1 })).toContain('$["a/b~c%23#"]: expected string');
  expect(await problems(schema, { "x y": 1 })).toContain('$["x y"]: expected string');
});

test("references, prefixItems, unevaluatedProperties and dependentRequired are understood", async () => {
  const schema: JsonObject = {
    type: "object",
    $defs: {
      tree: { type: "object", properties: { kids: { type: "array", items: { $ref: "#/$defs/tree" } } } },
    },
    properties: {
      tree: { $ref: "#/$defs/tree" },
      pair: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], items: false },
      card: { type: "string" },
    },
    dependentRequired: { card: ["pair"] },
    unevaluatedProperties: false,
  };
  expect(await problems(schema, { tree: { kids: [{ kids: [] }] }, pair: ["a", 1], card: "x" })).toBe("");
  expect(await problems(schema, { tree: { kids: [{ kids: 1 }] } })).toContain(
    "$.tree.kids[0].kids: expected array",
  );
  expect(await problems(schema, { pair: ["a", 1, 2] })).toContain("$.pair[2]: not allowed here");
  expect(await problems(schema, { card: "x" })).toContain('Instance has "card" but does not have "pair"');
  expect(await problems(schema, { other: 1 })).toContain("$.other: unknown field");
});

test("the draft that $schema names decides", async () => {
  const schema: JsonObject = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { pair: { type: "array", items: [{ type: "string" }, { type: "number" }] } },
  };
  expect(await problems(schema, { pair: ["a", "b"] })).toContain("$.pair[1]: expected number");
});

test("a stranger's regular expression is shown to the model and never run", async () => {
  const schema: JsonObject = {
    type: "object",
    properties: {
      pattern: { type: "string", pattern: "^(a+)+$" },
      list: { type: "array", items: { anyOf: [{ type: "string", pattern: "^(a+)+$" }] } },
    },
    patternProperties: { "^(a+)+$": { type: "number" } },
    additionalProperties: false,
  };
  const hostile = `${"a".repeat(40)}!`;
  const input: JsonObject = { pattern: hostile, list: [hostile], [hostile]: 1 };
  expect(await problems(schema, input, true)).toBe("");
  expect(await problems(schema, { pattern: 1 }, true)).toContain("$.pattern: expected string");
  const shown = jsonSchema(schema, { ignorePatterns: true })["~standard"].jsonSchema.input({
    target: "draft-2020-12",
  });
  expect(shown).toEqual(schema);
});

test("the author's schema is not written to", async () => {
  const frozen = Object.freeze({
    type: "object",
    properties: Object.freeze({ a: Object.freeze({ type: "string" }) }),
  });
  expect(await problems(frozen, { a: 1 })).toContain("$.a");
  expect(Reflect.ownKeys(frozen)).toEqual(["type", "properties"]);
});
