import { createServer } from "node:http";

/** An MCP server that wants a login, and who gives it. */
export interface OAuthSite {
  /** As the site itself writes it. */
  readonly url: string;
  /** On loopback. */
  readonly port: number;
  /** The access token that was given last counts no more. */
  readonly expire: () => void;
  /** Nor does a refresh token. */
  readonly revoke: () => void;
  /** What the server was asked to do, and each refresh. */
  readonly log: readonly string[];
  readonly close: () => void;
}

/**
 * A server behind OAuth, and its authorization server, by hand. Each refresh token counts once. `revocation`: tokens can be
 * revoked, which is answered with this status. `url`: what it calls itself, where a proxy leads to it.
 */
export async function oauthSite(
  offers: { readonly revocation?: number; readonly url?: string } = {},
): Promise<OAuthSite> {
  let url = "";
  let challenge = "";
  let issued = 0;
  let valid = 0;
  let revoked = false;
  const log: string[] = [];
  const grant = (): object => {
    issued += 1;
    valid = issued;
    return {
      access_token: `token-${issued}`,
      refresh_token: `refresh-${issued}`,
      token_type: "Bearer",
      expires_in: 3_600,
    };
  };
  const server = createServer((request, response) => {
    const at = new URL(request.url ?? "/", url);
    const json = (value: object, status = 200): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      if (at.pathname.startsWith("/.well-known/oauth-protected-resource")) {
        json({ resource: `${url}/mcp`, authorization_servers: [url] });
      } else if (at.pathname === "/.well-known/oauth-authorization-server") {
        json({
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          registration_endpoint: `${url}/register`,
          response_types_supported: ["code"],
          code_challenge_methods_supported: ["S256"],
          token_endpoint_auth_methods_supported: ["none"],
          ...(offers.revocation === undefined ? {} : { revocation_endpoint: `${url}/revoke` }),
        });
      } else if (at.pathname === "/revoke") {
        const words = new URLSearchParams(text);
        log.push(`revoke ${words.get("token")} of ${words.get("client_id")}`);
        json({ error: `never heard of ${words.get("token")}` }, offers.revocation);
      } else if (at.pathname === "/register") {
        json({ ...JSON.parse(text), client_id: "client-1" }, 201);
      } else if (at.pathname === "/authorize") {
        challenge = at.searchParams.get("code_challenge") ?? "";
        const back = new URL(at.searchParams.get("redirect_uri") ?? "");
        back.searchParams.set("code", "code-1");
        back.searchParams.set("state", at.searchParams.get("state") ?? "");
        response.writeHead(302, { location: back.href });
        response.end();
      } else if (at.pathname === "/token") {
        const words = new URLSearchParams(text);
        const isRefresh = words.get("grant_type") === "refresh_token";
        if (isRefresh) log.push(`refresh ${words.get("refresh_token")}`);
        const good = isRefresh
          ? !revoked && words.get("refresh_token") === `refresh-${issued}`
          : words.get("code_verifier") !== null && challenge !== "";
        json(good ? grant() : { error: "invalid_grant" }, good ? 200 : 400);
      } else if (at.pathname !== "/mcp") json({}, 404);
      else if (request.headers.authorization !== `Bearer token-${valid}`) {
        response.writeHead(401, {
          "www-authenticate": `Bearer resource_metadata="${url}/.well-known/oauth-protected-resource/mcp"`,
        });
        response.end();
      } else if (request.method !== "POST") json({}, 405);
      else {
        const { id, method } = JSON.parse(text) as { id?: number; method: string };
        if (id === undefined) {
          response.writeHead(202);
          response.end();
        } else if (method === "initialize") {
          const capabilities = { tools: {} };
          const serverInfo = { name: "web", version: "1" };
          json({ jsonrpc: "2.0", id, result: { protocolVersion: "2025-11-25", capabilities, serverInfo } });
        } else if (method === "tools/list") {
          const tools = [{ name: "one", inputSchema: { type: "object" } }];
          json({ jsonrpc: "2.0", id, result: { tools } });
        } else if (method === "tools/call") {
          log.push("call");
          json({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "It is done." }] } });
          valid = -1; // it expires between two calls of a session, too
        } else json({ jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The site has no port.");
  url = offers.url ?? `http://127.0.0.1:${address.port}`;
  return {
    url,
    port: address.port,
    expire: () => {
      valid = -1;
    },
    revoke: () => {
      revoked = true;
    },
    log,
    close: () => server.close().closeAllConnections(),
  };
}
