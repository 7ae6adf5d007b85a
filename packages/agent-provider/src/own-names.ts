import type { JsonObject, JsonValue, ToolSpec } from "@claw/agent-core";
import { objectField } from "./json-fields.ts";
import { vendorKey, vendorToolName } from "./vendor-names.ts";
import { vendorSchema } from "./vendor-schema.ts";

/** Gives back the names of tools and arguments that a vendor was told in its own alphabet. */
export interface OwnNames {
  readonly tool: (told: string) => string;
  readonly input: (tool: string, told: JsonObject) => JsonObject;
}

/** For a reply to a request with these tools. */
export function ownNames(tools: readonly ToolSpec[]): OwnNames {
  const names = changed(
    tools.map(({ name }) => name),
    vendorToolName,
  );
  const keysOf = (tool: string): ReadonlyMap<string, string> => {
    const spec = tools.find(({ name }) => name === tool);
    const properties = spec === undefined ? {} : objectField(vendorSchema(spec.inputSchema), "properties");
    return changed(Object.keys(properties ?? {}), vendorKey);
  };
  return {
    tool: (told) => names.get(told) ?? told,
    input: (tool, told) => {
      const keys = keysOf(tool);
      if (keys.size === 0) return told;
      const entries = Object.entries(told).map(([key, value]): [string, JsonValue] => [
        keys.get(key) ?? key,
        value,
      ]);
      return Object.fromEntries(entries);
    },
  };
}

/** The names that the vendor knows by another one, by that one. */
function changed(names: readonly string[], toVendor: (name: string) => string): ReadonlyMap<string, string> {
  const others = names.filter((name) => toVendor(name) !== name);
  return new Map(others.map((name) => [toVendor(name), name]));
}
