import { isJsonObject, type JsonObject, type JsonValue, toFault } from "@claw/agent-core";
import { isThere } from "./inside.ts";
import { fill, type PluginParts } from "./plugin-parts.ts";
import { pluginFault, readPluginFile } from "./read-plugin-file.ts";

/** The schema that `mcp.json` of the open format names. */
export const mcpSchema = "https://agent-plugins.org/schemas/1.0.0/mcp.schema.json";

/** The MCP servers of a plugin as `.mcp.json` would have them, by the names that they get. */
export async function pluginServers(parts: PluginParts): Promise<JsonObject> {
  const { manifest, report } = parts;
  const servers: [string, JsonValue][] = [];
  for (const source of await sourcesOf(parts)) {
    try {
      for (const [name, written] of Object.entries(await serversIn(source, parts))) {
        const server = serverOf(name, written, parts);
        if (server !== undefined) servers.push([`plugin_${manifest.name}_${name}`, server]);
      }
    } catch (error) {
      report(toFault(error, "plugin-invalid"));
    }
  }
  return Object.fromEntries(servers);
}

async function sourcesOf({ root, manifest }: PluginParts): Promise<readonly JsonValue[]> {
  if (manifest.format === "agent-plugins") return (await isThere(root, "mcp.json")) ? ["mcp.json"] : [];
  const named = manifest.fields["mcpServers"];
  return [
    ...((await isThere(root, ".mcp.json")) ? [".mcp.json"] : []),
    ...(Array.isArray(named) ? named : named === undefined ? [] : [named]),
  ];
}

async function serversIn(source: JsonValue, { root, manifest }: PluginParts): Promise<JsonObject> {
  const value = typeof source === "string" ? await readPluginFile(root, source) : source;
  const isNative = manifest.format === "agent-plugins";
  if (isNative && isJsonObject(value) && value["$schema"] !== mcpSchema) {
    throw pluginFault("plugin-invalid", `mcp.json: "$schema" must be "${mcpSchema}"`);
  }
  const servers = isJsonObject(value) ? (value["mcpServers"] ?? (isNative ? undefined : value)) : undefined;
  if (isJsonObject(servers)) return servers;
  throw pluginFault(
    "plugin-invalid",
    `${typeof source === "string" ? source : "mcpServers"} names no servers`,
  );
}

function serverOf(name: string, written: JsonValue, parts: PluginParts): JsonObject | undefined {
  const isNative = parts.manifest.format === "agent-plugins";
  const bad = (why: string): undefined => {
    parts.report(pluginFault("plugin-invalid", `The MCP server "${name}" was skipped: ${why}`).fault);
  };
  if (!isJsonObject(written)) return bad("it is not an object");
  if (!isNative) return filled(written, parts, Object.keys(written));
  const { type, command, url } = written;
  switch (type) {
    case "stdio":
      if (typeof command !== "string" || /\s/.test(command) || command === "")
        return bad("its command is not one word");
      return { cwd: parts.root, ...filled(written, parts, ["args", "env", "cwd"]) };
    case "streamable-http":
    case "sse":
      if (typeof url !== "string" || !url.startsWith("https://"))
        return bad("its URL does not begin with https://");
      return { ...written, type: type === "sse" ? "sse" : "http" };
    default:
      return bad("its type is not stdio, streamable-http or sse");
  }
}

function filled(written: JsonObject, places: PluginParts, keys: readonly string[]): JsonObject {
  const fillIn = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return fill(value, places);
    if (Array.isArray(value)) return value.map((item: JsonValue) => fillIn(item));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item)]));
  };
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, keys.includes(key) ? fillIn(value) : value]),
  );
}
