import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, type JsonValue } from "@claw/agent-core";
import { replacePrivateFile } from "../replace-private-file.ts";
import { type Catalog, emptyCatalog, type ToolDefinition } from "../server/catalog.ts";

/**
 * What servers offered when they were last seen, by the hash of their definition. A known server's tools can be shown
 * before it has started, and a change of them is noticed.
 */
export interface KnownCatalogs {
  readonly load: (hash: string) => Promise<Catalog | undefined>;
  /** What cannot be kept is asked for again. */
  readonly save: (hash: string, catalog: Catalog) => Promise<void>;
}

/** In files of the user, 0600 in a 0700 folder. */
export function knownCatalogFiles(folder: string): KnownCatalogs {
  const fileOf = (hash: string): string => join(folder, `${hash}.json`);
  return {
    load: async (hash) => {
      try {
        return readKnown(JSON.parse(await readFile(fileOf(hash), "utf8")));
      } catch {
        return undefined; // Not there or not readable: it is asked for again.
      }
    },
    save: async (hash, catalog) => {
      const { tools, instructions } = catalog;
      try {
        await replacePrivateFile(fileOf(hash), JSON.stringify({ tools, instructions }));
      } catch {
        // Nothing is lost but the time to ask again.
      }
    },
  };
}

function readKnown(value: JsonValue): Catalog | undefined {
  if (!isJsonObject(value) || !Array.isArray(value["tools"])) return undefined;
  const tools = value["tools"].filter(isTool);
  const { instructions } = value;
  return { ...emptyCatalog, tools, ...(typeof instructions === "string" ? { instructions } : {}) };
}

/** The file is our own; a line of it that is not is left out. */
function isTool(value: JsonValue): value is JsonValue & ToolDefinition {
  return (
    isJsonObject(value) &&
    typeof value["name"] === "string" &&
    typeof value["description"] === "string" &&
    typeof value["readOnly"] === "boolean" &&
    typeof value["idempotent"] === "boolean" &&
    isJsonObject(value["inputSchema"])
  );
}
