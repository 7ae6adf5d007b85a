import type { JsonObject, JsonValue } from "@claw/agent-core";
import { namesSection } from "../names-section.ts";
import type { SettingsFile } from "../settings-layer.ts";
import type { SettingsSection } from "../settings-section.ts";
import type { ValuePlace } from "../value-place.ts";

/** MCP servers as one file has them: entries of `.mcp.json`, looked at by whoever starts them. */
export interface McpServersSetting {
  readonly file: SettingsFile;
  readonly servers: JsonObject;
}

/** `mcpServers`: the same as in `.mcp.json`. */
export const mcpServersSection: SettingsSection<readonly McpServersSetting[]> = {
  key: "mcpServers",
  keys: ["mcpServers"],
  scope: "trusted",
  read,
  merge: (weaker, stronger) => [...stronger, ...weaker],
};

/** Servers that do not start, by name, wherever they are configured. A workspace cannot say it. */
export const disabledMcpServersSection: SettingsSection<readonly string[]> = namesSection(
  "disabledMcpServers",
  "user",
);

/** The same for servers that a workspace brings, which it may say itself. */
export const disabledWorkspaceServersSection: SettingsSection<readonly string[]> = namesSection(
  "disabledMcpjsonServers",
  "anywhere",
);

function read(value: JsonValue, place: ValuePlace): readonly McpServersSetting[] | undefined {
  const servers = place.object(value);
  return servers === undefined ? undefined : [{ file: place.file, servers }];
}
