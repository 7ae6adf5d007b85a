import { mkdir } from "node:fs/promises";
import { type Fault, toFault } from "@claw/agent-core";
import { hashTree } from "./hash-tree.ts";
import { type InstalledPlugin, pluginFolders, readInstalled } from "./installed-plugins.ts";
import type { Plugin } from "./plugin.ts";
import { readPlugin } from "./read-plugin.ts";
import { pluginFault } from "./read-plugin-file.ts";

export interface LoadedPlugins {
  readonly plugins: readonly Plugin[];
  readonly faults: readonly Fault[];
}

/** Every enabled plugin that is still what was installed. Runs nothing; one that is bad hides no other. Never rejects. */
export async function loadPlugins(claw: string): Promise<LoadedPlugins> {
  try {
    const enabled = (await readInstalled(claw)).filter((plugin) => plugin.enabled);
    const loaded = await Promise.all(enabled.map((plugin) => loadPlugin(claw, plugin)));
    return {
      plugins: loaded.flatMap((each) => ("folder" in each ? each : [])),
      faults: loaded.flatMap((each) => ("folder" in each ? each.problems.filter(isTold) : each)),
    };
  } catch (error) {
    return { plugins: [], faults: [toFault(error, "plugin-invalid")] };
  }
}

/** What means nothing here is no mistake, and `claw plugin validate` tells of it. */
function isTold({ code }: Fault): boolean {
  return code !== "plugin-ignored";
}

async function loadPlugin(claw: string, installed: InstalledPlugin): Promise<Plugin | Fault> {
  const { name, hash } = installed;
  const folders = pluginFolders(claw);
  const copy = folders.copy(installed);
  try {
    if ((await hashTree(copy)) !== hash) {
      const why = `The plugin ${name} is not loaded: ${copy} is not what was installed`;
      return pluginFault("plugin-changed", why, `claw plugin remove ${name} and add it again.`).fault;
    }
    const data = folders.data(name);
    await mkdir(data, { recursive: true, mode: 0o700 });
    return await readPlugin(copy, data, name);
  } catch (error) {
    const fault = toFault(error, "plugin-invalid");
    return { ...fault, message: `The plugin ${name} is not loaded: ${fault.message}` };
  }
}
