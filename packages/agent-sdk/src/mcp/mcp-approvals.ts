import type { ConfiguredServer } from "@claw/agent-mcp";
import { workspaceState } from "../trust.ts";
import { keepApproval } from "./keep-approval.ts";
import { getMcpServer, listMcpServers } from "./mcp-servers.ts";
import { type McpServersOf, mcpFiles } from "./mcp-surroundings.ts";

/** A server of the workspace that waits for its user's word. */
export interface PendingMcpServer {
  readonly server: ConfiguredServer;
  /** It was approved or declined, and has been written anew since. */
  readonly changed: boolean;
}

/** Servers that a trusted workspace brings and that nobody has decided about. Starts nothing. */
export async function pendingMcpServers(options: McpServersOf = {}): Promise<readonly PendingMcpServer[]> {
  const { servers, isOff } = await listMcpServers(options);
  const brought = servers.filter((server) => server.scope === "project" && !isOff(server));
  if (brought.length === 0 || !(await workspaceState(options)).trust.trusted) return [];
  const { approvalFile } = await import("@claw/agent-mcp");
  const approvals = approvalFile(mcpFiles(options).places.approvals);
  const asked = await Promise.all(
    brought.map(async (server) => ({ server, approval: await approvals.of(server) })),
  );
  return asked
    .filter(({ approval }) => approval === "unknown" || approval === "changed")
    .map(({ server, approval }) => ({ server, changed: approval === "changed" }));
}

/**
 * Approves a server of the workspace: exactly this definition, or by its name the one that is written now. Rejects with
 * `mcp-unknown-server`.
 */
export async function approveMcpServer(
  options: McpServersOf,
  which: string | ConfiguredServer,
): Promise<ConfiguredServer> {
  const server = typeof which === "string" ? await getMcpServer(options, which) : which;
  await keepApproval(mcpFiles(options).places.approvals, (approvals) => approvals.approve(server));
  return server;
}

/** Declines exactly this definition: it does not start, and is not asked about, until it is approved or written anew. */
export async function declineMcpServer(options: McpServersOf, server: ConfiguredServer): Promise<void> {
  await keepApproval(mcpFiles(options).places.approvals, (approvals) => approvals.decline(server));
}
