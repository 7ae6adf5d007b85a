import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FaultError } from "@claw/agent-core";
import type { ConfiguredServer } from "@claw/agent-mcp";
import { editMcpConfig, holdsMcpServer } from "./edit-mcp-config.ts";
import { forgetTokens, type McpLogout, urlOf } from "./forget-tokens.ts";
import { keepingTrust, listMcpServers, type McpWritableScope } from "./mcp-servers.ts";
import { type McpServersOf, mcpFiles } from "./mcp-surroundings.ts";

/** What was done about a server that is configured no more. */
export interface McpRemoval {
  /** Those that it was in. */
  readonly files: readonly string[];
  /** What became of its tokens; empty where there were none. */
  readonly logouts: readonly McpLogout[];
  /** Servers at the same URL: for them the tokens stay. */
  readonly sharedWith: readonly string[];
}

/**
 * Takes a server out of a file, of all of the user's and the workspace's by default, and forgets its tokens, if no other configured
 * server uses them. Rejects with `mcp-unknown-server`, and with `mcp-config` for a file that cannot be understood; then nothing was
 * changed. Rejects with `mcp-credentials` where tokens cannot be deleted: the server is removed then.
 */
export async function removeMcpServer(
  options: McpServersOf,
  name: string,
  scope?: McpWritableScope,
  signal: AbortSignal = new AbortController().signal,
): Promise<McpRemoval> {
  const { places } = mcpFiles(options);
  const before = await configured(options);
  const scopes: readonly McpWritableScope[] = scope === undefined ? ["local", "project", "user"] : [scope];
  // All are looked at before one is changed: what cannot be understood must not leave half of it done.
  const holds = await Promise.all(scopes.map((each) => holdsMcpServer(places[each], name)));
  const holding = scopes.filter((_, index) => holds[index]);
  if (holding.length === 0) {
    throw new FaultError({
      code: "mcp-unknown-server",
      message: `There is no MCP server "${name}" to remove${scope === undefined ? "" : ` in the ${scope} scope`}.`,
      hint: "claw mcp list shows them.",
    });
  }
  for (const each of holding) {
    const edit = (): Promise<boolean> => editMcpConfig(places[each], name, undefined);
    await (each === "project" ? keepingTrust(options, edit) : edit());
  }
  const files = holding.map((each) => places[each]);
  const removed = before.filter((server) => server.name === name && files.includes(server.file ?? ""));
  return { files, ...(await forgetOf(options, removed, signal)) };
}

async function forgetOf(
  options: McpServersOf,
  removed: readonly ConfiguredServer[],
  signal: AbortSignal,
): Promise<Omit<McpRemoval, "files">> {
  const urls = new Map(removed.map((server) => [urlOf(server), server]));
  urls.delete(undefined);
  if (urls.size === 0) return { logouts: [], sharedWith: [] };
  const { credentialFiles } = await import("@claw/agent-mcp");
  const kept = await credentialFiles(mcpFiles(options).places.credentials).list();
  const left = [...(await configured(options)), ...(await ofOtherWorkspaces(options))];
  const logouts: McpLogout[] = [];
  const sharedWith = new Set<string>();
  for (const url of kept) {
    const server = urls.get(url);
    if (server === undefined) continue;
    const users = left.filter((each) => urlOf(each) === url);
    for (const user of users) sharedWith.add(user.name);
    if (users.length === 0)
      logouts.push(await forgetTokens(options, { name: server.name, url, server }, signal));
  }
  return { logouts, sharedWith: [...sharedWith] };
}

/** Also those that a stronger one of the same name hides. */
async function configured(options: McpServersOf): Promise<readonly ConfiguredServer[]> {
  const { servers, hidden } = await listMcpServers(options);
  return [...servers, ...hidden];
}

/** What the user configured for other workspaces. What those bring themselves is not known from here. */
async function ofOtherWorkspaces(options: McpServersOf): Promise<readonly ConfiguredServer[]> {
  const { parseMcpConfig } = await import("@claw/agent-mcp");
  const { env, places } = mcpFiles(options);
  const own = dirname(places.local);
  const projects = dirname(own);
  const names = await readdir(projects).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(projects, name, "mcp.json");
      const text = file === places.local ? undefined : await readFile(file, "utf8").catch(() => undefined);
      return text === undefined ? [] : parseMcpConfig(text, { file, scope: "local", env }).servers;
    }),
  );
  return found.flat();
}
