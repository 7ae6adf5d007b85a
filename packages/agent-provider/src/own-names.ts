import type { JsonObject, JsonValue, ToolSpec } from "@claw/agent-core";
import { objectField } from "./json-fields.ts";
import { keepWireForms } from "./keep-wire-forms.ts";
import { vendorKey, vendorToolName } from "./vendor-names.ts";
import { vendorSchema } from "./vendor-schema.ts";

/** Gives back the names of tools and arguments that a vendor was told in its own alphabet. */
export interface OwnNames {
  readonly tool: (told: string) => string;
  readonly input: (tool: string, told: JsonObject) => JsonObject;
}

/** For a reply to a request with these tools. */
export function ownNames(tools: readonly ToolSpec[]): OwnNames {
  let names: ReadonlyMap<string, string> | undefined;
  const specOf = (tool: string): ToolSpec | undefined => {
    for (const spec of tools) if (spec.name === tool) return spec;
    return undefined;
  };
  return {
    tool: (told) => {
      if (specOf(told) !== undefined) return told;
      names ??= changed(
        tools.map(({ name }) => name),
        vendorToolName,
      );
      return names.get(told) ?? told;
    },
    input: (tool, told) => {
      const spec = specOf(tool);
      const keys = spec === undefined ? undefined : keysOf(spec);
      if (keys === undefined || keys.size === 0) return told;
      const entries = Object.entries(told).map(([key, value]): [string, JsonValue] => [
        keys.get(key) ?? key,
        value,
      ]);
      return Object.fromEntries(entries);
    },
  };
}

const keysOf = keepWireForms((spec: ToolSpec): ReadonlyMap<string, string> => {
  const properties = objectField(vendorSchema(spec.inputSchema), "properties") ?? {};
  return changed(Object.keys(properties), vendorKey);
});

/** The names that the vendor knows by another one, by that one. */
function changed(names: readonly string[], toVendor: (name: string) => string): ReadonlyMap<string, string> {
  const others = names.filter((name) => toVendor(name) !== name);
  return new Map(others.map((name) => [toVendor(name), name]));
}
