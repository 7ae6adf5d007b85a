import type { ServerDefinition } from "@claw/agent-mcp";

/** Which MCP servers an agent has, beside those in the user's and the workspace's files. */
export interface McpOptions {
  /** By name. Beats every file. */
  readonly mcpServers?: Readonly<Record<string, ServerDefinition>>;
  /** More configuration: JSON text, or the path of a file in the format of `.mcp.json`. */
  readonly mcpConfig?: readonly string[];
  /** Only the servers that are given here; no file is looked for. */
  readonly strictMcpConfig?: boolean;
  /**
   * How long the start waits for servers whose tools are not known from an earlier time, in milliseconds. Default 0:
   * nobody waits, and `ToolSearch` finds what comes later.
   */
  readonly mcpWaitMs?: number;
}
