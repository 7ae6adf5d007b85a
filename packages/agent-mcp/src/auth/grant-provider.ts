import { FaultError } from "@claw/agent-core";
import type { OAuthClientProvider } from "@modelcontextprotocol/client";
import type { OAuthDefinition, OAuthGrant } from "../config/server-definition.ts";
import type { Fetch } from "../connection/fetch.ts";
import { loadSdk } from "../connection/load-sdk.ts";
import { issuerFetch } from "./issuer-fetch.ts";

/** The logins that need no person: the client shows who it is by what its definition holds. */
export async function grantProvider(
  { clientId, clientSecret, issuer }: OAuthDefinition,
  grant: OAuthGrant,
  fetch?: Fetch,
): Promise<OAuthClientProvider> {
  const sdk = await loadSdk();
  if (clientId === undefined) throw incomplete("clientId");
  const common = {
    clientId,
    clientName: "Claw",
    ...(issuer === undefined ? {} : { expectedIssuer: issuer }),
  };
  switch (grant.type) {
    case "private-key":
      return new sdk.PrivateKeyJwtProvider({
        ...common,
        privateKey: grant.privateKey,
        algorithm: grant.algorithm,
      });
    case "client-credentials":
      if (clientSecret === undefined) throw incomplete("clientSecret");
      return new sdk.ClientCredentialsProvider({ ...common, clientSecret });
    case "cross-app":
      if (clientSecret === undefined) throw incomplete("clientSecret");
      return new sdk.CrossAppAccessProvider({
        ...common,
        clientSecret,
        fetchFn: issuerFetch(fetch),
        assertion: async ({ authorizationServerUrl, resourceUrl, scope, fetchFn }) => {
          const { jwtAuthGrant } = await sdk.requestJwtAuthorizationGrant({
            tokenEndpoint: grant.identityTokenEndpoint,
            audience: authorizationServerUrl,
            resource: resourceUrl,
            idToken: grant.idToken,
            clientId: grant.identityClientId,
            ...(scope === undefined ? {} : { scope }),
            fetchFn,
          });
          return jwtAuthGrant;
        },
      });
  }
}

function incomplete(field: string): FaultError {
  return new FaultError({
    code: "mcp-refused",
    message: `The server's "oauth.grant" needs "oauth.${field}".`,
    hint: "Add it to the server's definition.",
  });
}
