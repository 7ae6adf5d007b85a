import { resolve } from "node:path";
import {
  addPlugin,
  hashTree,
  type InstalledPlugin,
  type Plugin,
  pluginFolders,
  readInstalled,
  readPlugin,
  removePlugin,
  switchPlugin,
  validatePlugin,
} from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import { clawFolders } from "../claw-folders.ts";
import { runFetch } from "./run-fetch.ts";

/** Whose plugins: those of a user's folder for Claw. */
export type PluginsOf = Pick<AgentOptions, "cwd" | "env">;

/** A plugin that is installed, and what is in it, as far as it can be read. */
export interface ListedPlugin extends InstalledPlugin {
  readonly brings: readonly string[];
  /** Its copy is not what was installed, so it is not loaded. */
  readonly isChanged: boolean;
}

export interface ShownPlugin {
  readonly name: string;
  readonly format: Plugin["format"];
  /** What it brings, such as `2 skills` and `hook PreToolUse: check.sh`. */
  readonly brings: readonly string[];
  readonly problems: Plugin["problems"];
}

/** Installs, switched off. Rejects with a `FaultError`; then nothing was changed. */
export async function installPlugin(
  source: string,
  options: PluginsOf = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ShownPlugin> {
  const { cwd, env, claw } = placesOf(options);
  const { plugin } = await addPlugin(source, { claw, cwd, fetch: runFetch(env) }, signal);
  return shown(plugin);
}

export async function listPlugins(options: PluginsOf = {}): Promise<readonly ListedPlugin[]> {
  const { claw } = placesOf(options);
  const folders = pluginFolders(claw);
  const installed = await readInstalled(claw);
  return Promise.all(
    installed.map(async (each) => {
      const plugin = await readPlugin(folders.copy(each), folders.data(each.name), each.name).catch(
        () => undefined,
      );
      const isChanged = (await hashTree(folders.copy(each)).catch(() => "")) !== each.hash;
      return { ...each, isChanged, brings: plugin === undefined ? [] : brought(plugin) };
    }),
  );
}

/** From the next session on. Rejects with `plugin-unknown`. */
export async function enablePlugin(name: string, options: PluginsOf = {}): Promise<void> {
  await switchPlugin(placesOf(options).claw, name, true);
}

export async function disablePlugin(name: string, options: PluginsOf = {}): Promise<void> {
  await switchPlugin(placesOf(options).claw, name, false);
}

export async function uninstallPlugin(name: string, options: PluginsOf = {}): Promise<void> {
  await removePlugin(placesOf(options).claw, name);
}

/** Looks at a plugin in a folder and installs nothing. Rejects with `plugin-invalid` where nothing of it can be used. */
export async function checkPlugin(folder: string, options: PluginsOf = {}): Promise<ShownPlugin> {
  return shown(await validatePlugin(resolve(placesOf(options).cwd, folder)));
}

function placesOf(options: PluginsOf): {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly claw: string;
} {
  const env = options.env ?? process.env;
  const cwd = resolve(options.cwd ?? process.cwd());
  return { cwd, env, claw: clawFolders(cwd, env).home };
}

function shown(plugin: Plugin): ShownPlugin {
  const { name, format, problems } = plugin;
  return { name, format, brings: brought(plugin), problems };
}

function brought({ skills, commands, agents, hooks, servers }: Plugin): readonly string[] {
  const count = (list: readonly string[], one: string): readonly string[] =>
    list.length === 0 ? [] : [`${list.length} ${one}`];
  return [
    ...hooks.map(({ event, name }) => `hook ${event}: ${name}`),
    ...Object.keys(servers).map((name) => `MCP server ${name}`),
    ...count(skills, "skills"),
    ...count(commands, "folders of commands"),
    ...count(agents, "folders of agents"),
  ];
}
