import type { ConfiguredServer, Fetch, ServerAuth } from "@claw/agent-mcp";
import type { McpPlaces } from "./mcp-places.ts";

/** Shows each remote server what its last login left. Nobody logs in here. */
export async function serverAuth(
  places: McpPlaces,
  fetch: Fetch,
): Promise<(server: ConfiguredServer) => ServerAuth | undefined> {
  const { createServerAuth, credentialFiles } = await import("@claw/agent-mcp");
  const store = credentialFiles(places.credentials);
  return ({ name, definition }) => {
    if (definition.type !== "http" && definition.type !== "sse") return undefined;
    const redirectUrl = `http://127.0.0.1:${definition.oauth?.callbackPort ?? 0}/callback`;
    return createServerAuth({ name, definition, store, redirectUrl, fetch });
  };
}
