import { FaultError } from "@claw/agent-core";
import type { ServerStatus } from "@claw/agent-mcp";
import { lateProxiedFetch } from "../late-proxied-fetch.ts";
import { ownEnvironment } from "../own-environment.ts";
import { getMcpServer } from "./mcp-servers.ts";
import { type McpServersOf, mcpSurroundings } from "./mcp-surroundings.ts";

/** Who takes the person to the browser, and for how long they are waited for. */
export interface LoginHost {
  /** Is told the address to open. */
  readonly show: (url: URL) => void;
  readonly signal: AbortSignal;
}

/**
 * Logs in to a remote server: discovery, registration and PKCE, the person in the browser, and the tokens kept in the
 * user's folder. Gives how the server is then. Rejects with `mcp-needs-login` when nobody came back.
 */
export async function loginToMcpServer(
  options: McpServersOf,
  name: string,
  { show, signal }: LoginHost,
): Promise<ServerStatus> {
  const server = await getMcpServer(options, name);
  const { definition } = server;
  if (definition.type !== "http" && definition.type !== "sse") {
    throw new FaultError({
      code: "usage",
      message: `The MCP server "${name}" is a program here: there is nothing to log in to.`,
    });
  }
  const { createMcp, createServerAuth, credentialFiles, defaultBackoff, openLoopback } = await import(
    "@claw/agent-mcp"
  );
  const { cwd, env, places, settings } = await mcpSurroundings(options);
  const store = credentialFiles(places.credentials);
  const fetch = lateProxiedFetch({ ...ownEnvironment(settings), ...env });
  await using loopback = await openLoopback(show, definition.oauth?.callbackPort);
  const { redirectUrl } = loopback;
  const authorize: typeof loopback.authorize = (url, own) =>
    loopback.authorize(url, AbortSignal.any([own, signal]));
  await using mcp = await createMcp({
    servers: [server],
    cwd,
    environment: {},
    fetch,
    auth: () => createServerAuth({ name, definition, store, redirectUrl, authorize, fetch }),
    // Who is at the terminal tries again, and would wait for a minute to hear of a wrong address.
    limits: { startMs: loginMs, backoff: { ...defaultBackoff, maxAttempts: 1 } },
  });
  await mcp.settled(loginMs, signal);
  const [status] = mcp.status();
  if (status?.state === "ready") return status;
  throw new FaultError(
    status?.fault ?? { code: "mcp-needs-login", message: `The login to "${name}" was given up.` },
  );
}

/** A person has so long to come back from the browser. */
const loginMs = 10 * 60_000;
