import { isJsonObject, type JsonObject, type JsonValue, parseUrl, timeLimit } from "@claw/agent-core";
import type { StoredOAuthClientInformation, StoredOAuthTokens } from "@modelcontextprotocol/client";
import type { OAuthDefinition } from "../config/server-definition.ts";
import { causeText } from "../connection/cause-text.ts";
import type { Fetch } from "../connection/fetch.ts";
import { loadSdk, type Sdk } from "../connection/load-sdk.ts";
import type { Credentials } from "./credential-store.ts";
import { issuerFetch } from "./issuer-fetch.ts";

/** What became of the tokens of one issuer. */
export type Revocation = { readonly issuer: string } & (
  | { readonly outcome: "revoked" }
  /** The issuer publishes no way: they count until they expire. */
  | { readonly outcome: "not-offered" }
  | { readonly outcome: "failed"; readonly why: string }
);

export interface RevokeOptions {
  /** As the definition of the server has it. */
  readonly oauth?: OAuthDefinition | undefined;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
}

/** How long one issuer is waited for, in milliseconds. */
const limitMs = 10_000;

/**
 * Asks each issuer to take back what it gave (RFC 7009), where it publishes how. A token goes to nobody but the issuer that gave
 * it. Never rejects.
 */
export async function revokeTokens(
  { tokens, clients }: Credentials,
  { oauth, fetch: given }: RevokeOptions,
  signal: AbortSignal,
): Promise<readonly Revocation[]> {
  const sdk = await loadSdk();
  const fetch = issuerFetch(given);
  return Promise.all(
    Object.entries(tokens).map(async ([issuer, lent]): Promise<Revocation> => {
      const client = clientOf(clients, issuer, oauth);
      using limit = timeLimit(limitMs, signal);
      try {
        return { issuer, outcome: await revoke({ sdk, fetch, issuer }, lent, client, limit.signal) };
      } catch (error) {
        return { issuer, outcome: "failed", why: causeText(error) };
      }
    }),
  );
}

interface Issuer {
  readonly sdk: Sdk;
  readonly fetch: Fetch;
  readonly issuer: string;
}

async function revoke(
  { sdk, fetch, issuer }: Issuer,
  tokens: StoredOAuthTokens,
  client: StoredOAuthClientInformation | undefined,
  signal: AbortSignal,
): Promise<"revoked" | "not-offered"> {
  const metadata = await metadataOf({ sdk, fetch, issuer }, signal);
  const { revocation_endpoint: endpoint, revocation_endpoint_auth_methods_supported: methods } = metadata;
  if (typeof endpoint !== "string") return "not-offered";
  const url = sdk.assertSecureTokenEndpoint(endpoint);
  const supported = Array.isArray(methods) ? methods.filter((each) => typeof each === "string") : [];
  const send = (token: string, hint: string): Promise<Response> =>
    fetch(url, { ...authorized(sdk, { token, token_type_hint: hint }, client, supported), signal });
  // The refresh token first: with it an issuer ends the whole grant.
  if (tokens.refresh_token !== undefined) await expectDone(await send(tokens.refresh_token, "refresh_token"));
  const last = await send(tokens.access_token, "access_token");
  // Not every issuer can take an access token back, and then it does not live long.
  if (tokens.refresh_token === undefined) await expectDone(last);
  else await last.body?.cancel();
  return "revoked";
}

/** What the issuer publishes of itself. Rejects where nothing can be had, or where it is another's. */
async function metadataOf({ sdk, fetch, issuer }: Issuer, signal: AbortSignal): Promise<JsonObject> {
  if (parseUrl(issuer) === undefined) throw new Error("It is not known who gave them.");
  let found = "It does not say how.";
  for (const { url } of sdk.buildDiscoveryUrls(issuer)) {
    const response = await fetch(url, { signal, headers: { accept: "application/json" } });
    if (!response.ok) {
      found = `It answered ${response.status}.`;
      await response.body?.cancel();
      continue;
    }
    const value = (await response.json()) as JsonValue;
    if (isJsonObject(value) && isSame(value["issuer"], issuer)) return value;
    found = "What it says of itself has the name of another issuer.";
  }
  throw new Error(found);
}

function isSame(said: JsonValue | undefined, issuer: string): boolean {
  return typeof said === "string" && said.replace(/\/$/, "") === issuer.replace(/\/$/, "");
}

function authorized(
  sdk: Sdk,
  fields: Readonly<Record<string, string>>,
  client: StoredOAuthClientInformation | undefined,
  supported: string[],
): RequestInit {
  const body = new URLSearchParams(fields);
  const request = { method: "POST", redirect: "error", body } as const;
  if (client === undefined) return request;
  const { client_id: id, client_secret: secret } = client;
  if (secret !== undefined && sdk.selectClientAuthMethod(client, supported) === "client_secret_basic") {
    const words = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
    return { ...request, headers: { authorization: `Basic ${btoa(words)}` } };
  }
  body.set("client_id", id);
  if (secret !== undefined) body.set("client_secret", secret);
  return request;
}

/** Its answer is a status; whatever else it says is not shown, as it may repeat the token. */
async function expectDone(response: Response): Promise<void> {
  await response.body?.cancel();
  if (!response.ok) throw new Error(`It answered ${response.status}.`);
}

/** As it was registered with the issuer, or named beforehand: then the definition has what it shows. */
function clientOf(
  clients: Credentials["clients"],
  issuer: string,
  oauth: OAuthDefinition | undefined,
): StoredOAuthClientInformation | undefined {
  const client = clients[issuer] ?? Object.values(clients).find((each) => each.issuer === issuer);
  if (client === undefined || client.client_id !== oauth?.clientId) return client;
  const { clientSecret } = oauth;
  return clientSecret === undefined ? client : { ...client, client_secret: clientSecret };
}
