import { randomBytes } from "node:crypto";
import { type Fault, FaultError } from "@claw/agent-core";
import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import type { RemoteDefinition } from "../config/server-definition.ts";
import type { Fetch } from "../connection/fetch.ts";
import type { McpFaultCode } from "../connection/server-state.ts";
import type { CredentialStore, Credentials } from "./credential-store.ts";
import { grantProvider } from "./grant-provider.ts";
import type { Authorize, ServerAuth } from "./server-auth.ts";

export interface ServerAuthOptions {
  /** Of the server, as people know it. */
  readonly name: string;
  readonly definition: RemoteDefinition;
  readonly store: CredentialStore;
  /** Where the browser comes back to. */
  readonly redirectUrl: string;
  /** Left out: nobody can log in now, and the server is shown what the last login left. */
  readonly authorize?: Authorize;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
}

/** OAuth for one server: discovery, registration, PKCE and refresh are the SDK's; what is kept, and where, is ours. */
export function createServerAuth(options: ServerAuthOptions): ServerAuth {
  const { definition, authorize } = options;
  const { grant } = definition.oauth ?? {};
  let pending: URL | undefined;
  return {
    provider: async () =>
      grant === undefined
        ? personProvider(options, (url) => {
            pending = url;
          })
        : grantProvider(definition.oauth ?? {}, grant, options.fetch),
    pending: () => {
      const url = pending;
      pending = undefined;
      return url;
    },
    ...(authorize === undefined ? {} : { authorize }),
  };
}

/** Loads what is kept, and gives it to the SDK; sends the person to the browser where that is not enough. */
function personProvider(
  { name, definition, store, redirectUrl, authorize }: ServerAuthOptions,
  onPending: (url: URL) => void,
): OAuthClientProvider {
  const { url, oauth = {} } = definition;
  const state = randomBytes(16).toString("base64url");
  let verifier = "";
  let discovered: OAuthDiscoveryState | undefined;
  let lent: StoredOAuthTokens | undefined;
  return {
    redirectUrl,
    clientMetadata: {
      client_name: "Claw",
      redirect_uris: [redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      ...(oauth.clientSecret === undefined ? { token_endpoint_auth_method: "none" } : {}),
    },
    ...(oauth.clientMetadataUrl === undefined ? {} : { clientMetadataUrl: oauth.clientMetadataUrl }),
    state: () => state,
    clientInformation: async (context) =>
      (await fixedClient(context?.issuer)) ?? (await registered(context?.issuer)),
    saveClientInformation: (client, context) =>
      store.change(url, (before) => ({
        ...before,
        redirectUrl,
        clients: { ...before.clients, [context?.issuer ?? ""]: client },
      })),
    tokens: async (context): Promise<StoredOAuthTokens | undefined> => {
      const kept = await store.load(url);
      lent = kept.tokens[context?.issuer ?? kept.issuer ?? ""];
      return lent;
    },
    saveTokens: (tokens, context) =>
      store.change(url, (before) => {
        const issuer = context?.issuer ?? "";
        return { ...before, issuer, tokens: { ...before.tokens, [issuer]: tokens } };
      }),
    redirectToAuthorization: (address) => {
      if (authorize === undefined) throw new FaultError(nobody(name));
      onPending(address);
    },
    saveCodeVerifier: (made) => {
      verifier = made;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (found) => {
      discovered = found;
    },
    discoveryState: () => discovered,
    invalidateCredentials: (scope) => {
      if (scope === "all" || scope === "discovery") discovered = undefined;
      return store.change(url, (before) => ({
        ...before,
        ...(scope === "all" || scope === "client" ? { clients: {} } : {}),
        ...(scope === "all" || scope === "tokens" ? { tokens: othersThan(lent, before.tokens) } : {}),
      }));
    },
  };

  /** A client that was registered beforehand belongs to the issuer that is named, or that was the first to be met. */
  async function fixedClient(met: string | undefined): Promise<StoredOAuthClientInformation | undefined> {
    const { clientId, clientSecret } = oauth;
    if (clientId === undefined) return undefined;
    const kept = (await store.load(url)).clients[clientId]?.issuer;
    const issuer = oauth.issuer ?? kept ?? met;
    const client: StoredOAuthClientInformation = {
      client_id: clientId,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      ...(issuer === undefined ? {} : { issuer }),
    };
    if (issuer !== undefined && kept === undefined) {
      const { client_secret: _, ...pinned } = client;
      await store.change(url, (before) => ({
        ...before,
        clients: { ...before.clients, [clientId]: pinned },
      }));
    }
    return client;
  }

  /** A registration holds for the address that it was made with. */
  async function registered(issuer = ""): Promise<StoredOAuthClientInformation | undefined> {
    const kept = await store.load(url);
    const isSame = kept.redirectUrl === redirectUrl || authorize === undefined;
    return isSame ? kept.clients[issuer] : undefined;
  }
}

/** Another process may have refreshed them meanwhile: what it was given is none of those that were refused. */
function othersThan(
  refused: StoredOAuthTokens | undefined,
  kept: Credentials["tokens"],
): Credentials["tokens"] {
  return Object.fromEntries(
    Object.entries(kept).filter(([, { access_token: token }]) => token !== refused?.access_token),
  );
}

function nobody(name: string): Fault<McpFaultCode> {
  return {
    code: "mcp-needs-login",
    message: `The MCP server "${name}" wants you to log in.`,
    hint: `Run claw mcp login ${name}.`,
  };
}
