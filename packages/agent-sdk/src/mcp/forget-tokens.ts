import type { ConfiguredServer, Revocation } from "@claw/agent-mcp";
import { lateProxiedFetch } from "../late-proxied-fetch.ts";
import { ownEnvironment } from "../own-environment.ts";
import { type McpServersOf, mcpSurroundings } from "./mcp-surroundings.ts";

/** What became of the tokens of one server. */
export interface McpLogout {
  /** Of the server; its URL where none is configured with that any more. */
  readonly name: string;
  /** Whether there were tokens. They are gone from here, whatever their issuers say. */
  readonly existed: boolean;
  /** One for each issuer. */
  readonly revocations: readonly Revocation[];
}

export interface LoggedIn {
  readonly name: string;
  readonly url: string;
  readonly server: ConfiguredServer | undefined;
}

/** Deletes the tokens that are kept for a URL, and asks who gave them to take them back. */
export async function forgetTokens(
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

/** What tokens are kept by; `undefined` for a server that nobody logs in to. */
export function urlOf({ definition }: ConfiguredServer): string | undefined {
  return definition.type === "http" || definition.type === "sse" ? definition.url : undefined;
}
