import { createServerAuth, memoryCredentials } from "@claw/agent-mcp";
import { describe, expect, test } from "vitest";

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
