import { existsSync } from "node:fs";
import { type LoadedPlugins, pluginFolders } from "@claw/agent-extensions";

/** The enabled plugins of a user. Without any installed nothing is loaded. Never rejects. */
export async function enabledPlugins(claw: string, wanted = true): Promise<LoadedPlugins> {
  if (!wanted || !existsSync(pluginFolders(claw).list)) return { plugins: [], faults: [] };
  const { loadEnabledPlugins } = await import("./load-enabled-plugins.ts");
  return loadEnabledPlugins(claw);
}
