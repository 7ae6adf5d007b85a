import { type LoadedPlugins, loadPlugins } from "@claw/agent-extensions";

/** In a file of its own, so that it is loaded where there are plugins. */
export function loadEnabledPlugins(claw: string): Promise<LoadedPlugins> {
  return loadPlugins(claw);
}
