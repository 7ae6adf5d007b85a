import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type SelfMadeCertificate,
  selfMadeCertificate,
  startMockModel,
  startTestProxy,
  type TestProxy,
  type TestProxyOptions,
  type TlsFront,
  tlsFront,
} from "@claw/testkit";
import { describe, expect, test } from "vitest";
import { oauthSite } from "./oauth-site.ts";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

// Whoever reaches out, behind a company's proxy: it alone knows the names, wants a password, and what is encrypted is vouched
// for by an authority of the company's own.

const password = "s3cret-of-the-proxy";

interface Company extends AsyncDisposable {
  readonly place: ClawPlace;
  readonly proxy: TestProxy;
  readonly env: Readonly<Record<string, string>>;
}

/** A host with TLS for each of these servers without, behind a proxy that wants a login. */
async function company(
  hosts: Readonly<Record<string, number>>,
  options: Partial<TestProxyOptions> & { readonly names?: readonly string[] } = {},
): Promise<Company> {
  const place = await clawPlace();
  const certificate: SelfMadeCertificate = selfMadeCertificate(options.names ?? Object.keys(hosts));
  const fronts: [string, TlsFront][] = [];
  for (const [host, port] of Object.entries(hosts)) fronts.push([host, await tlsFront(port, certificate)]);
  const proxy = await startTestProxy({
    login: `me:${password}`,
    ...options,
    hosts: Object.fromEntries(fronts.map(([host, { port }]) => [host, port])),
  });
  const authority = join(place.workspace, "authority.pem");
  await writeFile(authority, certificate.certificate);
  return {
    place,
    proxy,
    env: { HTTPS_PROXY: `http://me:${password}@${proxy.place}`, NODE_EXTRA_CA_CERTS: authority },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      for (const [, front] of fronts) await front[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

async function pages(answer: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((request, response) => {
    if (request.url === "/away") response.writeHead(302, { location: "https://other.example/" });
    response.setHeader("content-type", "text/plain");
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    [Symbol.asyncDispose]: async () => void server.close().closeAllConnections(),
  };
}

/** The text of everything that was written below a folder. */
async function written(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const texts = names.map(async (name) => {
    const file = join(folder, name);
    return (await stat(file)).isFile() ? readFile(file, "utf8") : "";
  });
  return (await Promise.all(texts)).join("\n");
}

/** Nothing of the proxy's login: neither as it is, nor as it goes over the wire. */
function expectNoLogin(text: string): void {
  expect(text).not.toContain(password);
  expect(text).not.toContain(Buffer.from(`me:${password}`).toString("base64"));
}

const fetching = (place: ClawPlace, url: string): Promise<readonly string[]> =>
  place.script({ toolCalls: [{ name: "WebFetch", input: { url, prompt: "x" } }] }, { text: "done" });
const whole = ["--output-format", "stream-json"];

describe("behind a proxy with a password, and TLS of the company's own", () => {
  test("a model, a page and an MCP server are reached; nothing of the login is told or written", async () => {
    await using model = await startMockModel({ script: [{ text: "Hello from afar." }] });
    await using page = await pages("the text of a page");
    const site = await oauthSite({ url: "https://mcp.example", revocation: 200 });
    try {
      await using it = await company({
        "models.example": Number(new URL(model.url).port),
        "pages.example": page.port,
        "mcp.example": site.port,
      });
      const { place, proxy, env } = it;
      const asked = await place.run(["-q", "hi", "--provider", "anthropic", "--verbose", ...whole], {
        env: { ...env, ANTHROPIC_BASE_URL: "https://models.example", ANTHROPIC_API_KEY: "key" },
      });
      expect(asked.stdout).toContain("Hello from afar.");
      const script = await fetching(place, "https://pages.example/one");
      const rule = ["--allowed-tools", "WebFetch(domain:pages.example)"];
      const fetched = await place.run(["-q", "go", "--verbose", ...rule, ...whole, ...script], { env });
      expect(fetched.stdout).toContain("the text of a page");

      await place.run(["mcp", "add", "far", "https://mcp.example/mcp"]);
      const login = place.start(["mcp", "login", "far"], { env });
      await login.says("/authorize?");
      const address = /(https:\S+authorize\S+)/.exec(login.stderr())?.[1] ?? "";
      await fetch(address.replace("https://mcp.example", `http://127.0.0.1:${site.port}`));
      expect(await login.exit).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("Logged in to far"),
      });
      const status = await place.run(["mcp", "status", "--verbose"], { env });
      expect(status.stdout).toMatch(/^far {2}http {2}ready/);
      const calling = await place.script(
        { toolCalls: [{ name: "mcp__far__one", input: {} }] },
        { text: "so" },
      );
      const called = await place.run(["-q", "go", "--allowed-tools", "mcp__far__*", ...whole, ...calling], {
        env,
      });
      expect(called.stdout).toContain("It is done.");
      const logout = await place.run(["mcp", "logout", "far"], { env });
      expect(logout.stderr).toContain("https://mcp.example revoked the tokens.");
      expect(site.log).toEqual(["call", "revoke refresh-1 of client-1", "revoke token-1 of client-1"]);

      expect(new Set(proxy.seen.map(({ method, target }) => `${method} ${target}`))).toEqual(
        new Set(["CONNECT models.example:443", "CONNECT pages.example:443", "CONNECT mcp.example:443"]),
      );
      const exit = await login.exit;
      for (const { stdout, stderr } of [asked, fetched, exit, status, called, logout])
        expectNoLogin(stdout + stderr);
      expectNoLogin(await written(place.home));
    } finally {
      site.close();
    }
  });

  test("a wrong password is told as that, with the place of the proxy and nothing of the password", async () => {
    await using page = await pages("never seen");
    const site = await oauthSite({ url: "https://mcp.example" });
    try {
      await using it = await company(
        { "models.example": page.port, "pages.example": page.port, "mcp.example": site.port },
        { login: "me:another" },
      );
      const { place, proxy, env } = it;
      const refusal = `the proxy at ${proxy.place} answered 407 Proxy Authentication Required`;
      const asked = await place.run(["-q", "hi", "--provider", "anthropic", "--verbose"], {
        env: { ...env, ANTHROPIC_BASE_URL: "https://models.example", ANTHROPIC_API_KEY: "key" },
      });
      expect(asked.code).toBe(1);
      expect(asked.stderr).toContain(refusal);
      expect(asked.stderr).toContain("Check the user and the password of the proxy in HTTPS_PROXY.");
      expect(proxy.seen, "a password that is refused often locks its user out").toHaveLength(1);

      const script = await fetching(place, "https://pages.example/one");
      const rule = ["--allowed-tools", "WebFetch(domain:pages.example)"];
      const fetched = await place.run(["-q", "go", ...rule, ...whole, ...script], { env });
      expect(fetched.stdout).toContain(refusal);
      expect(fetched.stdout).toContain('"unavailable"');
      expect(proxy.seen).toHaveLength(2);

      await place.run(["mcp", "add", "far", "https://mcp.example/mcp"]);
      const status = await place.run(["mcp", "status", "--verbose"], { env });
      expect(status.stdout).toMatch(/^far {2}http {2}failed/);
      expect(status.stderr).toContain(refusal);
      expect(status.stderr).toContain("Check the user and the password of the proxy in HTTPS_PROXY.");
      expect(proxy.seen).toHaveLength(3);
      for (const { stdout, stderr } of [asked, fetched, status]) expectNoLogin(stdout + stderr);
      expectNoLogin(await written(place.home));
    } finally {
      site.close();
    }
  });

  test("who cannot prove the name that was asked for is not talked to, an address neither", async () => {
    await using page = await pages("the text of a page");
    const hosts = { "192.0.2.7": page.port, "pages.example": page.port };
    // Good for where the proxy is, and not for where the way leads.
    await using bad = await company(hosts, { names: ["localhost", "127.0.0.1"] });
    await using good = await company(hosts);
    const fetched = async ({ place, env, proxy }: Company, host: string): Promise<string> => {
      const script = await fetching(place, `https://${host}/`);
      const rule = ["--allowed-tools", `WebFetch(domain:${host})`];
      const named = {
        ...env,
        HTTPS_PROXY: `me:${password}@${proxy.place.replace("127.0.0.1", "localhost")}`,
      };
      return (await place.run(["-q", "go", ...rule, ...whole, ...script], { env: named })).stdout;
    };
    expect(await fetched(bad, "pages.example")).toContain(
      "Host: pages.example. is not in the cert's altnames",
    );
    expect(await fetched(bad, "192.0.2.7")).toContain("IP: 192.0.2.7 is not in the cert's list");
    expect(await fetched(good, "pages.example")).toContain("the text of a page");
    expect(await fetched(good, "192.0.2.7")).toContain("the text of a page");
  });
});
