import { FaultError } from "@claw/agent-core";
import type { ConfiguredServer, Revocation } from "@claw/agent-mcp";
import { lateProxiedFetch } from "../late-proxied-fetch.ts";
import { ownEnvironment } from "../own-environment.ts";
import { getMcpServer, listMcpServers } from "./mcp-servers.ts";
import { type McpServersOf, mcpFiles, mcpSurroundings } from "./mcp-surroundings.ts";

/** What became of the tokens of one server. */
export interface McpLogout {
  /** Of the server; its URL where none is configured with that any more. */
  readonly name: string;
  /** Whether there were tokens. They are gone from here, whatever their issuers say. */
  readonly existed: boolean;
  /** One for each issuer. */
  readonly revocations: readonly Revocation[];
}

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
  if (url !== undefined) return logout(options, { name, url, server }, signal);
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
      return logout(options, { name: server?.name ?? url, url, server }, signal);
    }),
  );
}

interface LoggedIn {
  readonly name: string;
  readonly url: string;
  readonly server: ConfiguredServer | undefined;
}

async function logout(
  options: McpServersOf,
  { name, url, server }: LoggedIn,
  signal: AbortSignal,
): Promise<McpLogout> {
  const { credentialFiles, revokeTokens } = await import("@claw/agent-mcp");
  const { env, places, settings } = await mcpSurroundings(options);
  const store = credentialFiles(places.credentials);
  const credentials = await store.load(url);
  // First from here: an issuer that does not answer must not keep them.
  await store.remove(url);
  const { definition } = server ?? {};
  const oauth = definition !== undefined && "oauth" in definition ? definition.oauth : undefined;
  const existed = Object.keys(credentials.tokens).length > 0;
  const fetch = lateProxiedFetch({ ...ownEnvironment(settings), ...env });
  const revoke = () => revokeTokens(credentials, { oauth, fetch }, signal);
  return { name, existed, revocations: existed ? await revoke() : [] };
}

function urlOf({ definition }: ConfiguredServer): string | undefined {
  return definition.type === "http" || definition.type === "sse" ? definition.url : undefined;
}
