import { disabledExtensionsSection, loadSettings, workspaceTrust } from "@claw/agent-extensions";
import type { AgentOptions } from "../agent-options.ts";
import { type SettingsSurroundings, settingsRequest } from "../assemble-settings.ts";
import type { Check } from "../diagnose.ts";
import { pendingMcpServers } from "../mcp/mcp-approvals.ts";
import { listMcpServers } from "../mcp/mcp-servers.ts";
import { enabledPlugins } from "../plugins/enabled-plugins.ts";
import { listPlugins } from "../plugins/plugin-commands.ts";
import { extensionFiles } from "./load-extensions.ts";

/** MCP servers, plugins and extensions of a session here. Starts no server, imports no extension, runs nothing of a plugin. */
export async function* diagnoseAdditions(
  options: AgentOptions,
  around: Omit<SettingsSurroundings, "warn">,
): AsyncGenerator<Check> {
  yield* checkMcp(options);
  yield* checkPlugins(options, around.folders.home);
  yield* checkExtensions(options, around);
}

/** `claw mcp status` starts them. */
async function* checkMcp(options: AgentOptions): AsyncGenerator<Check> {
  const { servers, isOff, faults } = await listMcpServers(options);
  for (const { message, hint } of faults) {
    yield { name: "MCP configuration", status: "warning", text: message, ...(hint ? { hint } : {}) };
  }
  const names = servers.map((server) => `${server.name} (${server.scope}${isOff(server) ? ", off" : ""})`);
  yield { name: "MCP servers", status: "ok", text: names.length === 0 ? "none" : names.join(", ") };
  const pending = await pendingMcpServers(options);
  if (pending.length === 0) return;
  const text = `waiting for your approval: ${pending.map(({ server }) => server.name).join(", ")}`;
  const hint = "claw mcp get shows what one would start, claw mcp approve approves that.";
  yield { name: "MCP servers", status: "warning", text, hint };
}

async function* checkPlugins(options: AgentOptions, home: string): AsyncGenerator<Check> {
  const installed = await listPlugins(options).catch(() => []);
  const plugins = installed.map(({ name, enabled }) => `${name} ${enabled ? "on" : "off"}`);
  if (plugins.length > 0) yield { name: "plugins", status: "ok", text: plugins.join(", ") };
  const { faults } = await enabledPlugins(home, options.plugins);
  for (const { message, hint } of faults) {
    yield { name: "plugins", status: "warning", text: message, ...(hint === undefined ? {} : { hint }) };
  }
}

async function* checkExtensions(
  options: AgentOptions,
  around: Omit<SettingsSurroundings, "warn">,
): AsyncGenerator<Check> {
  const { extensionFolder: folder } = options;
  if (folder === undefined) return;
  const { cwd, home, folders } = around;
  const trust = await workspaceTrust({ cwd, home, claw: folders.home, warn: () => undefined });
  const settings = await loadSettings(settingsRequest(options, around, trust));
  const files = await extensionFiles(folder, settings.get(disabledExtensionsSection) ?? []);
  if (files.length === 0) return;
  const names = files.map(({ file, isOff }) => (isOff ? `${file} (off)` : file));
  yield { name: "extensions", status: "ok", text: `${names.join(", ")} (${folder})` };
}
