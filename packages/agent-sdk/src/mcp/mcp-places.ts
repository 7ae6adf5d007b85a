import { join, sep } from "node:path";
import type { ClawFolders } from "../claw-folders.ts";

/** Where MCP servers are configured, and where what is known of them is kept. */
export interface McpPlaces {
  /** The user's, for every workspace. */
  readonly user: string;
  /** The user's, for this workspace. */
  readonly local: string;
  /** The workspace's own: `.mcp.json`. */
  readonly project: string;
  readonly approvals: string;
  readonly catalogs: string;
  readonly credentials: string;
}

export function mcpPlaces(cwd: string, { home, project }: ClawFolders): McpPlaces {
  // Put together, as each start asks for them: what was joined has nothing to tidy.
  const inHome = (name: string): string => `${home}${sep}${name}`;
  const inProject = (name: string): string => `${project}${sep}${name}`;
  return {
    user: inHome("mcp.json"),
    local: inProject("mcp.json"),
    project: join(cwd, ".mcp.json"),
    approvals: inProject("mcp-approved.json"),
    catalogs: join(home, "mcp", "catalogs"),
    credentials: join(home, "mcp", "credentials"),
  };
}
