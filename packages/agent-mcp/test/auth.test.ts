import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServerAuth, memoryCredentials, type Revocation, revokeTokens } from "@claw/agent-mcp";
import { describe, expect, onTestFinished, test } from "vitest";
import { flood } from "./site.ts";

const url = "https://example.com/mcp";
const issuer = "https://example.com/";
const tokens = (number: number) => ({
  access_token: `token-${number}`,
  refresh_token: `refresh-${number}`,
  token_type: "Bearer",
});

async function personWith(store = memoryCredentials()) {
  const definition = { type: "http", url } as const;
  const auth = createServerAuth({
    name: "web",
    definition,
    store,
    redirectUrl: "http://127.0.0.1:1/callback",
  });
  const provider = await auth.provider();
  if (provider === undefined) throw new Error("There is no provider.");
  return provider;
}

describe("tokens that several processes share", () => {
  test("what was refused is forgotten; what another process was given meanwhile is not", async () => {
    const store = memoryCredentials();
    const one = await personWith(store);
    await one.saveTokens(tokens(1), { issuer });
    const other = await personWith(store);
    expect(await one.tokens({ issuer })).toMatchObject({ access_token: "token-1" });
    expect(await other.tokens({ issuer })).toMatchObject({ access_token: "token-1" });
    await other.saveTokens(tokens(2), { issuer });
    await one.invalidateCredentials?.("tokens");
    expect(await one.tokens({ issuer })).toMatchObject({ access_token: "token-2" });
    await one.invalidateCredentials?.("tokens");
    expect(await one.tokens({ issuer })).toBeUndefined();
  });

  test("no issuer is shown what another one gave", async () => {
    const provider = await personWith();
    await provider.saveTokens(tokens(1), { issuer });
    expect(await provider.tokens({ issuer: "https://elsewhere.example/" })).toBeUndefined();
  });
});

describe("tokens that are revoked", () => {
  interface Asked {
    readonly authorization: string | undefined;
    readonly fields: Readonly<Record<string, string>>;
  }

  /** An issuer that says this of itself, and what its revocation endpoint was asked; `status`: how that answers. */
  async function revokeAt(
    says: (self: string) => object,
    { status = 200, more = {}, client = {} }: { status?: number; more?: object; client?: object } = {},
  ): Promise<{ readonly self: string; readonly revocation: Revocation; readonly asked: readonly Asked[] }> {
    const asked: Asked[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        if (request.method !== "POST") {
          const isOpenId = request.url?.includes("openid-configuration") === true;
          const known = { issuer: self, ...says(self) };
          if ("openid" in known !== isOpenId) response.writeHead(404);
          response.end(JSON.stringify(known));
          return;
        }
        asked.push({
          authorization: request.headers.authorization,
          fields: Object.fromEntries(new URLSearchParams(body)),
        });
        response.writeHead(status, status === 307 ? { location: "/elsewhere" } : {}).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The issuer has no port.");
    const self = `http://127.0.0.1:${address.port}`;
    try {
      const credentials = {
        tokens: { [self]: { ...tokens(1), ...more } },
        clients: { [self]: { client_id: "me", ...client } },
      };
      const [revocation] = await revokeTokens(credentials, {}, new AbortController().signal);
      if (revocation === undefined) throw new Error("Nothing was told.");
      return { self, revocation, asked };
    } finally {
      server.close().closeAllConnections();
    }
  }
  const endpoint = (self: string) => ({ revocation_endpoint: `${self}/revoke` });

  test("the refresh token first, as the client that they were given to", async () => {
    const { asked, revocation } = await revokeAt(endpoint);
    expect(revocation.outcome).toBe("revoked");
    expect(asked.map(({ fields }) => fields)).toEqual([
      { token: "refresh-1", token_type_hint: "refresh_token", client_id: "me" },
      { token: "token-1", token_type_hint: "access_token", client_id: "me" },
    ]);
    const secret = await revokeAt(endpoint, { client: { client_secret: "a:b" } });
    expect(secret.asked[0]?.authorization).toBe(`Basic ${btoa("me:a%3Ab")}`);
    expect(secret.asked[0]?.fields["client_id"]).toBeUndefined();
    const openId = await revokeAt((self) => ({ ...endpoint(self), openid: true }));
    expect(openId.asked).toHaveLength(2);
  });

  test.each([
    [
      "says that it is another",
      (self: string) => ({ ...endpoint(self), issuer: "https://other.example" }),
      {},
    ],
    ["names an address without TLS", () => ({ revocation_endpoint: "http://elsewhere.example/revoke" }), {}],
    ["names what is no address", () => ({ revocation_endpoint: "here" }), {}],
  ])("no token is sent to an issuer that %s", async (_why, says, how) => {
    const { asked, revocation } = await revokeAt(says, how);
    expect(revocation).toMatchObject({ outcome: "failed", why: expect.stringMatching(/./) });
    expect(asked).toEqual([]);
  });

  test("what an issuer says of itself without an end is not read to the end of the time", async () => {
    let sent: () => number = () => 0;
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      sent = flood(response, " ".repeat(1 << 16)).sent;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const credentials = { tokens: { [`http://127.0.0.1:${port}`]: tokens(1) }, clients: {} };
    const [revocation] = await revokeTokens(credentials, {}, new AbortController().signal);
    expect(revocation).toMatchObject({ outcome: "failed", why: expect.stringContaining("longer than") });
    expect(sent()).toBeLessThan(32 * (1 << 20));
  });

  test("what fails is told and rejects nothing: a refusal, a redirect, an issuer that is not known", async () => {
    const refused = await revokeAt(endpoint, { status: 400 });
    expect(refused.revocation).toMatchObject({ outcome: "failed", why: "It answered 400." });
    const moved = await revokeAt(endpoint, { status: 307 });
    expect(moved.revocation.outcome).toBe("failed");
    expect(moved.asked).toHaveLength(1);
    expect(await revokeTokens({ tokens: { "": tokens(1) }, clients: {} }, {}, AbortSignal.abort())).toEqual([
      { issuer: "", outcome: "failed", why: "It is not known who gave them." },
    ]);
    expect((await revokeAt(() => ({}))).revocation.outcome).toBe("not-offered");
  });
});

describe("the given fetch is what everybody is asked with", () => {
  /** Answers with what is said for each URL, and notes what it was asked for. Nothing goes over a network. */
  function fetchOf(answers: Readonly<Record<string, object>>) {
    const asked: string[] = [];
    const fetch = (url: string | URL): Promise<Response> => {
      const { href } = new URL(url);
      asked.push(href);
      const answer = answers[href];
      return Promise.resolve(
        answer === undefined ? new Response("", { status: 404 }) : Response.json(answer),
      );
    };
    return { fetch, asked };
  }

  test("by who takes tokens back", async () => {
    const self = "https://issuer.invalid";
    const metadata = `${self}/.well-known/oauth-authorization-server`;
    const { fetch, asked } = fetchOf({
      [metadata]: { issuer: self, revocation_endpoint: `${self}/revoke` },
      [`${self}/revoke`]: {},
    });
    const credentials = { tokens: { [self]: tokens(1) }, clients: {} };
    expect(await revokeTokens(credentials, { fetch }, new AbortController().signal)).toEqual([
      { issuer: self, outcome: "revoked" },
    ]);
    expect(asked).toEqual([metadata, `${self}/revoke`, `${self}/revoke`]);
  });

  test("by who exchanges the identity of a company for an assertion", async () => {
    const identityTokenEndpoint = "https://identity.invalid/token";
    const { fetch, asked } = fetchOf({
      [identityTokenEndpoint]: {
        issued_token_type: "urn:ietf:params:oauth:token-type:id-jag",
        access_token: "assertion-1",
        token_type: "N_A",
      },
    });
    const grant = {
      type: "cross-app",
      idToken: "id",
      identityTokenEndpoint,
      identityClientId: "me",
    } as const;
    const auth = createServerAuth({
      name: "web",
      definition: { type: "http", url, oauth: { clientId: "me", clientSecret: "secret", grant } },
      store: memoryCredentials(),
      redirectUrl: "http://127.0.0.1:1/callback",
      fetch,
    });
    const provider = await auth.provider();
    await provider?.saveAuthorizationServerUrl?.(issuer);
    await provider?.saveResourceUrl?.(url);
    const request = await provider?.prepareTokenRequest?.();
    expect(new URLSearchParams(request).get("assertion")).toBe("assertion-1");
    expect(asked).toEqual([identityTokenEndpoint]);
  });
});
