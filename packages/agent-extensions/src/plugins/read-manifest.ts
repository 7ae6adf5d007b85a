import type { Fault, JsonObject, JsonValue } from "@claw/agent-core";
import { isThere } from "./inside.ts";
import { pluginFault, readPluginFile } from "./read-plugin-file.ts";

/** What a plugin says of itself. */
export interface Manifest {
  readonly name: string;
  readonly format: "agent-plugins" | "claude-plugin";
  readonly fields: JsonObject;
  readonly problems: readonly Fault[];
}

/** The schema that a manifest of the open format names. */
export const pluginSchema = "https://agent-plugins.org/schemas/1.0.0/plugin.schema.json";

const nativeFields: readonly string[] = [
  "$schema",
  "name",
  "version",
  "description",
  "author",
  "homepage",
  "repository",
  "license",
  "keywords",
  "extensions",
];

/**
 * Reads `plugin.json`, else `.claude-plugin/plugin.json`; without either `named` is its name. Rejects with a
 * `FaultError` `plugin-invalid`.
 */
export async function readManifest(root: string, named: string): Promise<Manifest> {
  if (await isThere(root, "plugin.json")) {
    const fields = await readPluginFile(root, "plugin.json");
    if (fields["$schema"] !== pluginSchema) {
      throw pluginFault("plugin-invalid", `plugin.json: "$schema" must be "${pluginSchema}"`);
    }
    const unknown = Object.keys(fields).filter((key) => !nativeFields.includes(key));
    const problems = unknown.map(
      (key) =>
        pluginFault("plugin-ignored", `plugin.json: "${key}" is no field of the format, and is ignored`)
          .fault,
    );
    return { name: checked(fields["name"]), format: "agent-plugins", fields, problems };
  }
  const hasManifest = await isThere(root, ".claude-plugin/plugin.json");
  const fields = hasManifest ? await readPluginFile(root, ".claude-plugin/plugin.json") : {};
  const name = hasManifest ? fields["name"] : named;
  return { name: checked(name), format: "claude-plugin", fields, problems: [] };
}

function checked(name: JsonValue | undefined): string {
  const isName =
    typeof name === "string" && /^(?!.*(?:--|\.\.))[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/.test(name);
  if (isName) return name;
  throw pluginFault(
    "plugin-invalid",
    '"name" must have 1 to 64 characters of a-z, 0-9, - and ., such as "my-plugin"',
  );
}
