import { get, type IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import type { ProxiedPages } from "../../src/web-fetch/proxied-pages.ts";
import type { Lookup } from "../../src/web-fetch/resolve-host.ts";
import { type WebFetchToolOptions, webFetchTool } from "../../src/web-fetch/web-fetch-tool.ts";
import { callTool } from "../search/call-tool.ts";
import { type TestServer, testServer } from "./test-server.ts";

/** Leads to a server on loopback, whatever is asked for. */
function through(server: TestServer): { readonly proxied: ProxiedPages; readonly asked: string[] } {
  const asked: string[] = [];
  const proxied: ProxiedPages = async (url) => ({
    proxy: "proxy.test:3128",
    get: (headers, signal) => {
      asked.push(url.href);
      return new Promise<IncomingMessage>((resolve, reject) => {
        get(`${server.origin}${url.pathname}`, { headers, signal, agent: false }, resolve).on(
          "error",
          reject,
        );
      });
    },
  });
  return { proxied, asked };
}

const fetch = (url: string, options: WebFetchToolOptions) =>
  callTool(webFetchTool(options), { url, prompt: "x" }, "/");
const at =
  (address: string): Lookup =>
  async () => [{ address, family: 4 }];
const unknown: Lookup = async (name) => {
  throw new Error(`getaddrinfo ENOTFOUND ${name}`);
};

describe("WebFetch through a proxy", () => {
  it("leaves a name that only the proxy knows to it, and one that leads to the public Internet", async () => {
    const server = await testServer((_, response) => response.end("the text"));
    const { proxied, asked } = through(server);
    expect((await fetch("http://one.example/", { proxied, lookup: unknown })).text).toContain("the text");
    expect((await fetch("https://two.example/", { proxied, lookup: at("93.184.216.34") })).text).toContain(
      "the text",
    );
    expect(asked).toEqual(["http://one.example/", "https://two.example/"]);
  });

  it("does not wait long for a resolver that is silent", async () => {
    const server = await testServer((_, response) => response.end("the text"));
    const { proxied } = through(server);
    const lookup: Lookup = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const called = await fetch("http://one.example/", { proxied, lookup, limits: { lookupMs: 20 } });
    expect(called.text).toContain("the text");
  });

  it("class 23: refuses an address, and a name that is known to lead to one, without asking the proxy", async () => {
    const server = await testServer((_, response) => response.end("secret"));
    const { proxied, asked } = through(server);
    for (const host of ["10.0.0.1", "[fd00::1]", "169.254.169.254", "0xa000001"]) {
      const called = await fetch(`http://${host}/`, { proxied, lookup: unknown });
      expect([host, called.text]).toEqual([host, expect.stringContaining("is not on the public Internet")]);
    }
    expect((await fetch("http://inner.example/", { proxied, lookup: at("192.168.0.1") })).text).toContain(
      "inner.example (192.168.0.1) is not on the public Internet",
    );
    expect(asked).toEqual([]);
    const allowAddress = (address: string): boolean => address === "192.168.0.1";
    await fetch("http://inner.example/", { proxied, lookup: at("192.168.0.1"), allowAddress });
    expect(asked).toEqual(["http://inner.example/"]);
  });

  it("class 23: looks the name up anew for each redirect, and leaves the host for none", async () => {
    const server = await testServer((request, response) => {
      const location = request.url === "/a" ? "/b" : "http://127.0.0.1/c";
      response.writeHead(302, { location }).end();
    });
    const { proxied, asked } = through(server);
    const addresses = ["93.184.216.34", "10.0.0.1"];
    const lookup: Lookup = async () => [{ address: addresses.shift() ?? "", family: 4 }];
    expect((await fetch("http://one.example/a", { proxied, lookup })).text).toContain("(10.0.0.1) is not on");
    expect(asked).toEqual(["http://one.example/a"]);
    const away = await fetch("http://one.example/b", { proxied, lookup: unknown });
    expect(away.text).toContain("redirects to another host");
  });

  it("goes nowhere else when the proxy fails or may not be used", async () => {
    const server = await testServer((_, response) => response.end("direct"));
    const options: WebFetchToolOptions = { lookup: at("127.0.0.1"), allowAddress: () => true };
    const failing: ProxiedPages = async () => ({
      proxy: "proxy.test:3128",
      get: () => Promise.reject(new Error("socket hang up")),
    });
    const broken = await fetch(`http://one.example:${server.port}/`, { ...options, proxied: failing });
    expect(broken.text).toContain("socket hang up (through the proxy at proxy.test:3128)");
    const unusable: ProxiedPages = () =>
      Promise.reject(new Error("HTTP_PROXY is not the address of a proxy"));
    const refused = await fetch(`http://one.example:${server.port}/`, { ...options, proxied: unusable });
    expect(refused.text).toContain("HTTP_PROXY is not the address of a proxy");
    expect(server.requests).toEqual([]);
  });

  it("stops with its time while the proxy is silent, and says what a proxy answers for the server", async () => {
    const silent = await testServer(() => undefined);
    const late = await fetch("http://one.example/", {
      ...{ proxied: through(silent).proxied, lookup: unknown },
      limits: { totalMs: 100 },
    });
    expect(late).toMatchObject({ status: "failed", text: expect.stringContaining("within 0.1 seconds") });
    const refusing = await testServer((_, response) => response.writeHead(403).end("Blocked by policy."));
    const refused = await fetch("http://one.example/", {
      proxied: through(refusing).proxied,
      lookup: unknown,
    });
    expect(refused.text).toContain("status 403, through the proxy at proxy.test:3128.\n");
    expect(refused.text).toContain("Blocked by policy.");
  });
});
