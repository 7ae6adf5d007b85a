import { resolve } from "node:path";
import { loadSettings } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import { settingsRequest } from "../assemble-settings.ts";
import { clawFolders, userHome } from "../claw-folders.ts";
import { enabledPlugins } from "../plugins/enabled-plugins.ts";
import { workspaceState } from "../trust.ts";
import type { FindSurroundings } from "./find-mcp-servers.ts";
import type { McpOptions } from "./mcp-options.ts";
import { mcpPlaces } from "./mcp-places.ts";

/** Whose servers are meant. */
export type McpServersOf = Pick<
  AgentOptions,
  | "cwd"
  | "env"
  | "settings"
  | "settingSources"
  | "managedSettings"
  | keyof McpOptions
  | "trustWorkspace"
  | "plugins"
>;

/** All that servers are found by. Starts nothing. */
export async function mcpSurroundings(options: McpServersOf): Promise<FindSurroundings> {
  const around = mcpFiles(options);
  const { cwd, env } = around;
  const places = { cwd, home: userHome(env), folders: clawFolders(cwd, env) };
  const { trust } = await workspaceState(options);
  const settings = await loadSettings(settingsRequest(options, places, trust));
  const { plugins } = await enabledPlugins(places.folders.home, options.plugins);
  return { ...around, settings, plugins };
}

/** The same without the settings: where servers are written. */
export function mcpFiles(options: McpServersOf): Omit<FindSurroundings, "settings"> {
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  return { cwd, env, places: mcpPlaces(cwd, clawFolders(cwd, env)) };
}
