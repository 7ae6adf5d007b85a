import { type Fault, isJsonObject, type JsonObject, type JsonValue, thrownText } from "@claw/agent-core";
import { definitionHash } from "./definition-hash.ts";
import { jsonKeyLines } from "./json-key-lines.ts";
import { readDefinition } from "./read-definition.ts";
import type { ConfiguredServer, ServerScope } from "./server-definition.ts";

/** What a configuration file holds. The good entries are there whatever is wrong with the others. */
export interface McpConfig {
  readonly servers: readonly ConfiguredServer[];
  /** `mcp-config` for what was skipped, `mcp-variable` for variables without a value. */
  readonly faults: readonly Fault[];
}

export interface McpConfigPlace {
  /** As it is named to people. */
  readonly file: string;
  readonly scope: ServerScope;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the text of a `.mcp.json`: `{ "mcpServers": { name: … } }`. */
export function parseMcpConfig(source: string, place: McpConfigPlace): McpConfig {
  let value: JsonValue;
  const text = source.replace(/^\uFEFF/, "");
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { servers: [], faults: [fault(place.file, placeOf(text, error), "it is not JSON")] };
  }
  const entries = isJsonObject(value) ? value["mcpServers"] : undefined;
  if (!isJsonObject(entries)) {
    return { servers: [], faults: [fault(place.file, "", 'it has no object "mcpServers"')] };
  }
  return readServers(entries, place, jsonKeyLines(text, ["mcpServers"]));
}

/** Reads `mcpServers` itself, such as from a settings file or the command line. */
export function readServers(
  entries: JsonObject,
  place: McpConfigPlace,
  lines: ReadonlyMap<string, number> = new Map(),
): McpConfig {
  const servers: ConfiguredServer[] = [];
  const faults: Fault[] = [];
  for (const [name, written] of Object.entries(entries)) {
    const line = lines.get(name);
    const where = line === undefined ? "" : `:${line}`;
    const read = readDefinition(name, written, place.env);
    if (typeof read === "string") {
      faults.push(fault(place.file, where, `the server "${name}" was skipped: ${read}`));
      continue;
    }
    for (const variable of read.unset) faults.push(unsetVariable(`${place.file}${where}`, name, variable));
    servers.push({
      name,
      scope: place.scope,
      definition: read.definition,
      hash: definitionHash(written),
      // `readDefinition` takes nothing but objects.
      written: written as JsonObject,
      file: place.file,
      ...(line === undefined ? {} : { line }),
    });
  }
  return { servers, faults };
}

function fault(file: string, where: string, why: string): Fault {
  return {
    code: "mcp-config",
    message: `${file}${where}: ${why}.`,
    hint: "The other servers are not affected.",
  };
}

function unsetVariable(where: string, server: string, variable: string): Fault {
  return {
    code: "mcp-variable",
    message: `${where}: the server "${server}" uses \${${variable}}, which is not set; the text was left as it is.`,
    hint: `Set ${variable}, or write \${${variable}:-default}.`,
  };
}

/** Where a parser stopped, as `:line`, with its reason. */
function placeOf(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(thrownText(error))?.[1];
  return position === undefined ? "" : `:${text.slice(0, Number(position)).split("\n").length}`;
}
