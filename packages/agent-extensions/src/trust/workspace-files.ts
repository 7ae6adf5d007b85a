import { join } from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { readLayerFile } from "../settings/read-layer.ts";
import { settingsFiles } from "../settings/settings-files.ts";
import { type HookingFile, hookingFiles } from "./hooking-files.ts";

/** What the files of a workspace say that would act, as it stands there. */
export interface WorkspaceFiles {
  /** The settings of the project, the weakest first; those that cannot be read are left out. */
  readonly settings: readonly JsonObject[];
  /** `mcpServers` of `.mcp.json`. */
  readonly servers: JsonObject;
  /** Those of agents, skills and commands that may bring hooks. */
  readonly hooking: readonly HookingFile[];
  /** Files that are there and cannot be read. */
  readonly unreadable: readonly string[];
}

export async function readWorkspaceFiles(cwd: string): Promise<WorkspaceFiles> {
  const files = settingsFiles({ home: "", claw: "", project: "", managed: [], cwd })
    .filter(({ inWorkspace }) => inWorkspace)
    .map(({ file }) => file);
  const servers = join(cwd, ".mcp.json");
  const read = await Promise.all(
    [...files, servers].map(async (file) => ({ file, content: await readLayerFile({ file }) })),
  );
  const unreadable = read.filter(({ content }) => content.type === "unreadable").map(({ file }) => file);
  const valuesOf = (wanted: (file: string) => boolean): readonly JsonObject[] =>
    read.flatMap(({ file, content }) => (wanted(file) && content.type === "read" ? [content.values] : []));
  const hooking = await hookingFiles(cwd);
  const [mcp = {}] = valuesOf((file) => file === servers);
  return {
    settings: valuesOf((file) => file !== servers),
    servers: objectIn(mcp["mcpServers"]),
    hooking,
    unreadable,
  };
}

/** The object, or an empty one for anything else. */
export function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
