import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";

/**
 * Any schema that can check a value (Standard Schema) and print itself (Standard JSON Schema): zod 4 and arktype as
 * they are, valibot through `toStandardJsonSchema` of `@valibot/to-json-schema`, plain JSON Schema through `jsonSchema`.
 */
export interface ToolSchema<Output = unknown> {
  readonly "~standard": StandardSchemaV1.Props<unknown, Output> & {
    readonly jsonSchema: {
      /** Prints what a model must send. May throw where the library cannot express it. */
      readonly input: (options: { readonly target: StandardJSONSchemaV1.Target }) => Record<string, unknown>;
    };
  };
}

/** What a tool with this schema is given: the checked value, defaults and transforms applied. */
export type ToolInput<Schema extends ToolSchema> = NonNullable<Schema["~standard"]["types"]>["output"];
