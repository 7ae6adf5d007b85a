import { join } from "node:path";
import { isJsonObject, type JsonValue } from "@claw/agent-core";
import { oneAtATime } from "../one-at-a-time.ts";
import { replacePrivateFile } from "../replace-private-file.ts";
import { readLayerFile } from "../settings/read-layer.ts";
import { pluginFault } from "./read-plugin-file.ts";

/** A plugin that the user installed. */
export interface InstalledPlugin {
  readonly name: string;
  /** As it was given: a folder, a git URL, `npm:package`. */
  readonly source: string;
  /** What of the source was taken: a commit, a package version. Absent for a folder. */
  readonly revision?: string;
  /** Of every file; checked each time it is loaded. */
  readonly hash: string;
  readonly enabled: boolean;
  /** ISO 8601. */
  readonly since: string;
}

/** Where plugins are kept, below the user's folder for Claw. */
export function pluginFolders(claw: string): PluginFolders {
  const root = join(claw, "plugins");
  return {
    list: join(root, "installed.json"),
    copy: ({ name, hash }) => join(root, "copies", name, hash.slice(0, 16)),
    data: (name) => join(root, "data", name),
    staging: join(root, "staging"),
  };
}

export interface PluginFolders {
  readonly list: string;
  readonly copy: (plugin: Pick<InstalledPlugin, "name" | "hash">) => string;
  /** What a plugin may write to: 0700, and kept over its versions. */
  readonly data: (name: string) => string;
  readonly staging: string;
}

/** Rejects with `plugin-invalid` where the list cannot be read: then no plugin is loaded. */
export async function readInstalled(claw: string): Promise<readonly InstalledPlugin[]> {
  const file = pluginFolders(claw).list;
  const content = await readLayerFile({ file });
  if (content.type === "absent") return [];
  const plugins = content.type === "read" ? content.values["plugins"] : undefined;
  if (Array.isArray(plugins) && plugins.every(isInstalled)) return plugins;
  throw pluginFault(
    "plugin-invalid",
    `The list of plugins in ${file} cannot be read`,
    "Mend or remove the file.",
  );
}

/**
 * `change` makes of the list that is the one that is to be, beside what the caller wants to know. Rejects as `readInstalled`
 * does, and as `change` does; then the list stays.
 */
export function changeInstalled<Result>(
  claw: string,
  change: (before: readonly InstalledPlugin[]) => Promise<ChangedPlugins<Result>>,
): Promise<Result> {
  const { list } = pluginFolders(claw);
  return oneAtATime(list, async () => {
    const { plugins, result } = await change(await readInstalled(claw));
    await replacePrivateFile(list, `${JSON.stringify({ plugins }, null, 2)}\n`);
    return result;
  });
}

export interface ChangedPlugins<Result> {
  readonly plugins: readonly InstalledPlugin[];
  readonly result: Result;
}

function isInstalled(value: JsonValue): value is JsonValue & InstalledPlugin {
  if (!isJsonObject(value) || typeof value["enabled"] !== "boolean") return false;
  // The name becomes part of a path.
  if (typeof value["name"] !== "string" || !/^[a-z0-9][a-z0-9.-]*$/.test(value["name"])) return false;
  return typeof value["hash"] === "string" && /^[0-9a-f]{64}$/.test(value["hash"]);
}
