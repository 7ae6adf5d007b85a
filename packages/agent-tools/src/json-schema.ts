import type { SchemaDraft, Validator } from "@cfworker/json-schema";
import type { JsonObject } from "@claw/agent-core";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { jsonSchemaIssues } from "./json-schema-issues.ts";
import { type PlainCheck, plainCheck } from "./plain-check.ts";
import type { ToolSchema } from "./tool-schema.ts";
import { withoutPatterns } from "./without-patterns.ts";

/** How far a JSON Schema is trusted. */
export interface JsonSchemaOptions {
  /**
   * Leave regular expressions unchecked. For schemas of strangers, such as an MCP server's: one hostile `pattern` can
   * stop the process for as long as it likes. The model is still shown them.
   */
  readonly ignorePatterns?: boolean;
}

/**
 * A tool schema from plain JSON Schema: draft 2020-12, or the draft that its `$schema` names. `Input` is what the
 * author vouches the schema to mean. The validator is loaded and compiled at the first check of a value that does not
 * plainly fit.
 */
export function jsonSchema<Input = JsonObject>(
  schema: JsonObject,
  options: JsonSchemaOptions = {},
): ToolSchema<Input> {
  let loading: Promise<Validator> | undefined;
  let validator: Validator | undefined;
  let fits: PlainCheck | undefined;
  const check = (value: unknown, by: Validator): StandardSchemaV1.Result<Input> => {
    const { valid, errors } = by.validate(value);
    // The value fits the schema, and `Input` is the author's word for what fits.
    return valid ? { value: value as Input } : { issues: jsonSchemaIssues(errors) };
  };
  const checkLater = async (value: unknown): Promise<StandardSchemaV1.Result<Input>> => {
    loading ??= compile(schema, options);
    validator = await loading;
    return check(value, validator);
  };
  const validate = (
    value: unknown,
  ): StandardSchemaV1.Result<Input> | Promise<StandardSchemaV1.Result<Input>> => {
    fits ??= plainCheck(schema) ?? (() => false);
    if (fits(value)) return { value: value as Input }; // again the author's word
    return validator === undefined ? checkLater(value) : check(value, validator);
  };
  return {
    "~standard": {
      version: 1,
      vendor: "claw",
      validate,
      jsonSchema: { input: () => structuredClone(schema) },
    },
  };
}

async function compile(schema: JsonObject, options: JsonSchemaOptions): Promise<Validator> {
  const { Validator } = await import("@cfworker/json-schema");
  // A copy: the validator writes its own marks into the schema.
  const own = structuredClone(options.ignorePatterns === true ? withoutPatterns(schema) : schema);
  return new Validator(own, draftOf(schema), false);
}

function draftOf(schema: JsonObject): SchemaDraft {
  const named = /draft-0?(4|7)|(2019-09)/.exec(String(schema["$schema"]));
  if (named?.[2] !== undefined) return "2019-09";
  if (named?.[1] !== undefined) return named[1] === "4" ? "4" : "7";
  return "2020-12";
}
