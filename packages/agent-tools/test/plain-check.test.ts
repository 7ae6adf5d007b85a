import { Validator } from "@cfworker/json-schema";
import type { JsonObject, JsonValue } from "@claw/agent-core";
import { jsonSchema } from "@claw/agent-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plainCheck } from "../src/plain-check.ts";

const names = fc.constantFrom("a", "b", "toString", "__proto__", "length");
const scalars = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, "", "a", "😀", "😀😀", "ab", -1, 0, 1, 1.5, 2, 1e300),
  fc.string({ maxLength: 4, unit: "binary" }),
);
const counts = fc.constantFrom(0, 1, 2, 3);
const type = fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object");

/** A few keywords together; most are plain. */
function schemasOf(depth: number): fc.Arbitrary<JsonObject> {
  const inner = depth === 0 ? fc.constant({}) : schemasOf(depth - 1);
  const keyword = fc.oneof(
    fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
    fc.record({ properties: fc.dictionary(names, inner, { maxKeys: 3 }) }),
    fc.record({ required: fc.uniqueArray(names, { maxLength: 2 }) }),
    fc.record({ additionalProperties: fc.oneof(fc.boolean(), inner) }),
    fc.record({ items: inner }),
    fc.record({ enum: fc.array(scalars, { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: scalars }),
    ...[
      "minimum",
      "maximum",
      "minItems",
      "maxItems",
      "minLength",
      "maxLength",
      "exclusiveMinimum",
      "exclusiveMaximum",
    ].map((name) => fc.record({ [name]: counts })),
    fc.record({ description: fc.string({ maxLength: 3 }) }),
  );
  return fc.array(keyword, { maxLength: 3 }).map((keywords) => Object.assign({}, ...keywords));
}

const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), { maxKeys: 3 }),
  ),
}));

test("what plainly fits is what the validator takes", () => {
  let plain = 0;
  fc.assert(
    fc.property(schemasOf(2), fc.array(values, { minLength: 20, maxLength: 20 }), (schema, several) => {
      const check = plainCheck(schema);
      const validator = new Validator(structuredClone(schema), "2020-12", false);
      for (const value of several) {
        if (check?.(value) !== true) continue;
        plain++;
        expect(validator.validate(value).valid, JSON.stringify([schema, value])).toBe(true);
      }
    }),
    { numRuns: 1_500 },
  );
  expect(plain).toBeGreaterThan(500);
});

test.each<[string, JsonObject]>([
  ["a pattern", { type: "string", pattern: "^a" }],
  ["a choice", { anyOf: [{ type: "string" }] }],
  ["a reference", { properties: { a: { $ref: "#" } } }],
  ["patterns beside closed properties", { patternProperties: {}, additionalProperties: false }],
  ["an older draft", { $schema: "http://json-schema.org/draft-04/schema#", type: "object" }],
])("%s is not plain", (_name, schema) => {
  expect(plainCheck(schema)).toBeUndefined();
});

test("an ordinary tool's call needs no validator, and one that does not fit gets its words", async () => {
  const { validate } = jsonSchema({
    type: "object",
    properties: { path: { type: "string", minLength: 1 }, limit: { type: "integer", minimum: 0 } },
    required: ["path"],
    additionalProperties: false,
  })["~standard"];
  const value = { path: "a.txt", limit: 3 };
  expect(validate(value)).toEqual({ value });
  expect(await validate({ path: "a.txt", limt: 3 })).toMatchObject({ issues: [{ path: ["limt"] }] });
});
