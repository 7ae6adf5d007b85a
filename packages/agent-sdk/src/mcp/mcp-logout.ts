import { FaultError } from "@claw/agent-core";
import { forgetTokens, type McpLogout, urlOf } from "./forget-tokens.ts";
import { getMcpServer, listMcpServers } from "./mcp-servers.ts";
import { type McpServersOf, mcpFiles } from "./mcp-surroundings.ts";

/**
 * Deletes the tokens of a server, and asks who gave them to take them back. Rejects with `mcp-unknown-server`, with `usage` for
 * a server that nobody logs in to, and with `mcp-credentials` where they cannot be deleted.
 */
export async function logoutOfMcpServer(
  options: McpServersOf,
  name: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<McpLogout> {
  const server = await getMcpServer(options, name);
  const url = urlOf(server);
  if (url !== undefined) return forgetTokens(options, { name, url, server }, signal);
  throw new FaultError({
    code: "usage",
    message: `The MCP server "${name}" is a program here: there is nothing to log out of.`,
  });
}

/** The same for all servers that there are tokens of, those that are not configured any more included. */
export async function logoutOfAllMcpServers(
  options: McpServersOf,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly McpLogout[]> {
  const { credentialFiles } = await import("@claw/agent-mcp");
  const { servers } = await listMcpServers(options);
  const urls = await credentialFiles(mcpFiles(options).places.credentials).list();
  return Promise.all(
    urls.map((url) => {
      const server = servers.find((each) => urlOf(each) === url);
      return forgetTokens(options, { name: server?.name ?? url, url, server }, signal);
    }),
  );
}
