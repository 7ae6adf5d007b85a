import type { AnyTool } from "@claw/agent-tools";
import type { ServerAuth } from "./auth/server-auth.ts";
import type { ConfiguredServer } from "./config/server-definition.ts";
import type { Fetch } from "./connection/fetch.ts";
import type { Mcp, McpChange } from "./mcp.ts";
import type { Catalog } from "./server/catalog.ts";
import { createServer, type ServerHost, type ServerLimits } from "./server/create-server.ts";
import { safeName } from "./server/safe-name.ts";
import type { Server } from "./server/server.ts";
import { serverStatus } from "./server-status.ts";
import { mcpTool } from "./tools/mcp-tool.ts";
import { toolNames } from "./tools/tool-names.ts";
import type { KnownCatalogs } from "./trust/known-catalogs.ts";
import { toolDrift } from "./trust/tool-drift.ts";

export interface McpOptions {
  readonly servers: readonly ConfiguredServer[];
  /** Absolute: where programs start. */
  readonly cwd: string;
  /** The whole environment of server programs, besides what their definitions add. */
  readonly environment: Readonly<Record<string, string>>;
  /** What servers may ask. Default: nothing. */
  readonly host?: ServerHost;
  readonly auth?: (server: ConfiguredServer) => ServerAuth | undefined;
  /** What remote servers are asked with, and those that log in to them. Default: the platform's, which knows no proxy. */
  readonly fetch?: Fetch;
  /** Default: nothing is known before a server has started, and nothing is kept. */
  readonly known?: KnownCatalogs;
  readonly limits?: ServerLimits;
}

/** Starts all servers in the background. Nothing of the protocol is loaded when there are none. */
export async function createMcp(options: McpOptions): Promise<Mcp> {
  const listeners = new Set<(change: McpChange) => void>();
  const tell = (change: McpChange): void => {
    for (const listener of [...listeners]) {
      try {
        listener(change);
      } catch {
        // It is not ours, and none of what it heard depends on it.
      }
    }
  };
  const servers = await Promise.all(
    keyed(options.servers).map(async ([key, configured]) => serverOf(key, configured, options, tell)),
  );
  for (const server of servers) server.start();
  const made = new WeakMap<Catalog, ReadonlyMap<string, AnyTool>>();

  /** As long as a server's list stays the same, so do its tools. */
  function toolsOf(server: Server): ReadonlyMap<string, AnyTool> {
    const catalog = server.catalog();
    const before = made.get(catalog);
    if (before !== undefined) return before;
    const names = [...toolNames(server.key, catalog.tools)];
    const tools = new Map(names.map(([name, tool]) => [name, mcpTool(name, tool, server)]));
    made.set(catalog, tools);
    return tools;
  }

  const close = async (): Promise<void> => {
    await Promise.all(
      servers.map(async (server) => {
        const seen = server.protocol() === undefined ? undefined : server.catalog();
        await server.close();
        if (seen !== undefined && server.configured.definition.type !== "in-process") {
          await options.known?.save(server.configured.hash, seen).catch(() => undefined);
        }
      }),
    );
  };
  return {
    servers,
    status: () => servers.map(serverStatus),
    settled: async (waitMs, signal = new AbortController().signal) => {
      await Promise.all(servers.map((server) => server.settled(waitMs, signal)));
    },
    tools: () => servers.flatMap((server) => [...toolsOf(server).values()]),
    tool: (name) => {
      for (const server of servers) {
        const tool = name.startsWith(`mcp__${server.key}__`) ? toolsOf(server).get(name) : undefined;
        if (tool !== undefined) return tool;
      }
      return undefined;
    },
    server: (name) => servers.find((server) => server.configured.name === name || server.key === name),
    observe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** No longer, so that a tool's own name has room. */
const maxKey = 24;

function keyed(servers: readonly ConfiguredServer[]): readonly (readonly [string, ConfiguredServer])[] {
  const taken = new Set<string>();
  const names = new Set(servers.map(({ name }) => name));
  return servers.map((configured) => {
    const { name } = configured;
    // The name of another server is taken although that one has not had its turn: rules are written for names.
    const isTaken = (candidate: string): boolean =>
      taken.has(candidate) || (candidate !== name && names.has(candidate));
    const key = safeName(name, isTaken, maxKey);
    taken.add(key);
    return [key, configured];
  });
}

async function serverOf(
  key: string,
  configured: ConfiguredServer,
  { known, auth, fetch, host = {}, cwd, environment, limits }: McpOptions,
  tell: (change: McpChange) => void,
): Promise<Server> {
  const { name, hash, definition } = configured;
  const kept = definition.type === "in-process" ? undefined : known;
  const before = await kept?.load(hash);
  /** Each tool as it was last seen, those that are away included. */
  let seen = before?.tools;
  return createServer({
    key,
    configured,
    host,
    cwd,
    environment,
    known: before,
    auth: auth?.(configured),
    fetch,
    ...(limits === undefined ? {} : { limits }),
    onState: (state) => tell({ type: "state", server: name, state }),
    onCatalog: (catalog) => {
      const drift = seen === undefined ? undefined : toolDrift(name, seen, catalog.tools);
      const isNew = seen === undefined || drift !== undefined;
      const present = new Set(catalog.tools.map((tool) => tool.name));
      seen = [...(seen ?? []).filter((tool) => !present.has(tool.name)), ...catalog.tools];
      if (isNew) void kept?.save(hash, catalog).catch(() => undefined);
      if (drift !== undefined) tell({ type: "drift", server: name, fault: drift });
      tell({ type: "catalog", server: name });
    },
  });
}
