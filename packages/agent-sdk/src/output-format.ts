import { FaultError, isJsonObject, type JsonValue, type OutputFormat } from "@claw/agent-core";

/** What answers must be. */
export interface AnswerFormat extends Omit<OutputFormat, "schema"> {
  /** JSON Schema, draft 2020-12, of type `object`, as a schema library prints it: zod by `z.toJSONSchema`. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** For requests. Throws a `FaultError` `invalid-output` for what is no such schema. */
export function outputFormat({ schema, ...named }: AnswerFormat): OutputFormat {
  if (!isPlain(schema)) throw new FaultError(invalid);
  // Through JSON, so that it is plain and nobody else's. Every request carries it, and no model needs `$schema`.
  const printed: JsonValue = JSON.parse(JSON.stringify(schema ?? null));
  if (!isJsonObject(printed) || printed["type"] !== "object") throw new FaultError(invalid);
  const { $schema: _, ...plain } = printed;
  return { ...named, schema: plain };
}

/** The schema object of a library has a `type`, too; it is of a class, or has functions. */
function isPlain(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const kind: unknown = Object.getPrototypeOf(schema);
  return (kind === Object.prototype || kind === null) && !Object.values(schema).some(isFunction);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

const invalid = {
  code: "invalid-output",
  message: "The schema of the output is not JSON Schema of the type object.",
  hint: 'Give { schema: { type: "object", … } }; zod prints it with z.toJSONSchema(…).',
};
