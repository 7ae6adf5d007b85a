import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import type { JsonObject } from "@claw/agent-core";
import { describe, expect, it } from "vitest";
import type { HostAddress, Lookup } from "../../src/web-fetch/resolve-host.ts";
import { type WebFetchToolOptions, webFetchTool } from "../../src/web-fetch/web-fetch-tool.ts";
import { callTool } from "../search/call-tool.ts";
import { testServer } from "./test-server.ts";

const loopback: HostAddress = { address: "127.0.0.1", family: 4 };
/** Every name is this computer, and that is allowed. */
const open: WebFetchToolOptions = {
  lookup: () => Promise.resolve([loopback]),
  allowAddress: (address) => address === "127.0.0.1",
};

function fetch(
  url: string,
  options: WebFetchToolOptions = open,
  prompt = "What is it?",
  signal?: AbortSignal,
) {
  const input: JsonObject = { url, prompt };
  return callTool(webFetchTool(options), input, "/", signal);
}

function html(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(body);
}

describe("WebFetch", () => {
  it("shows a page as Markdown and says beforehand what it will reach", async () => {
    const server = await testServer((_, response) =>
      html(response, "<title>A &amp; B</title><h1>Hello</h1><p>See <a href='/x'>x</a>."),
    );
    const called = await fetch(`${server.origin}/page#part`);
    expect(called.effects).toEqual([{ type: "net", url: `${server.origin}/page`, method: "GET" }]);
    expect(called.text).toBe(
      `${server.origin}/page\nTitle: A & B\n\n# Hello\n\nSee [x](${server.origin}/x).`,
    );
  });

  it("class 23: refuses what is not on the public Internet, however it is written, without connecting", async () => {
    const server = await testServer((_, response) => html(response, "secret"));
    const hosts = [
      ...[
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "１２７.0.0.1",
        "①27.0.0.1",
        "127。0。0。1",
      ],
      ...[
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
      ],
      ...[
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::]",
        "0",
        "0.0.0.0",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
      ],
      ...[
        "[fd00:ec2::254]",
        "[fe80::1]",
        "192.168.0.1",
        "172.16.0.1",
        "[::127.0.0.1]",
        "224.0.0.1",
        "168.63.129.16",
      ],
    ];
    const lookup: Lookup = (name) => Promise.reject(new Error(`${name} was looked up`));
    for (const host of hosts) {
      const called = await fetch(`http://${host}:${server.port}/`, { lookup });
      expect([host, called.text]).toEqual([host, expect.stringContaining("is not on the public Internet")]);
      expect(called.status).toBe("failed");
    }
    expect(server.requests).toEqual([]);
  });

  it("class 23: refuses a name when only one of its addresses is private", async () => {
    const server = await testServer((_, response) => html(response, "secret"));
    const lookup: Lookup = () => Promise.resolve([{ address: "93.184.216.34", family: 4 }, loopback]);
    const called = await fetch(`http://example.com:${server.port}/`, { lookup });
    expect(called.text).toContain("example.com (127.0.0.1) is not on the public Internet");
    expect(server.requests).toEqual([]);
  });

  it("class 23: dials the address that was checked although the name leads elsewhere at once after", async () => {
    const server = await testServer((_, response) => html(response, "checked"));
    const answers: HostAddress[] = [loopback, { address: "127.0.0.2", family: 4 }];
    let lookups = 0;
    const lookup: Lookup = () => {
      lookups += 1;
      return Promise.resolve([answers.shift() ?? loopback]);
    };
    const called = await fetch(`http://rebind.example:${server.port}/`, { ...open, lookup });
    expect(called.text).toContain("checked");
    expect(lookups).toBe(1);
    expect(server.requests).toEqual([`rebind.example:${server.port} /`]);
  });

  it("class 23: checks the addresses again for each redirect", async () => {
    const server = await testServer((_, response) => response.writeHead(302, { location: "/again" }).end());
    const answers: HostAddress[] = [loopback, { address: "127.0.0.2", family: 4 }];
    const lookup: Lookup = () => Promise.resolve([answers.shift() ?? loopback]);
    const called = await fetch(`http://rebind.example:${server.port}/`, { ...open, lookup });
    expect(called.text).toContain("(127.0.0.2) is not on the public Internet");
    expect(server.requests).toHaveLength(1);
  });

  it("class 23: follows redirects on the same host, and only reports one to another host", async () => {
    const server = await testServer((request, response) => {
      if (request.url === "/a") response.writeHead(301, { location: "/b" }).end();
      else if (request.url === "/b")
        response.writeHead(307, { location: `http://other.example:${server.port}/c` }).end();
      else html(response, "not reached");
    });
    const called = await fetch(`http://one.example:${server.port}/a`);
    expect(called.status).toBe("ok");
    expect(called.text).toContain(`http://other.example:${server.port}/c`);
    expect(called.text).toContain("Call WebFetch with that URL");
    expect(server.requests).toEqual([`one.example:${server.port} /a`, `one.example:${server.port} /b`]);
  });

  it("class 23: refuses a redirect to another kind of place, and gives up on a ring of them", async () => {
    const server = await testServer((request, response) => {
      const location = request.url === "/file" ? "file:///etc/passwd" : "/round";
      response.writeHead(302, { location }).end();
    });
    expect((await fetch(`${server.origin}/file`)).text).toContain("Only http and https");
    expect((await fetch(`${server.origin}/round`)).text).toContain("more than 5 redirects");
    expect(server.requests).toHaveLength(7);
  });

  it.each([
    ["file:///etc/passwd", "Only http and https"],
    ["ftp://example.com/", "Only http and https"],
    ["javascript:alert(1)", "Only http and https"],
    ["example.com", "not an absolute URL"],
    ["http://user:pass@example.com/", "user name or password"],
    ["http://good.example@evil.example/", "user name or password"],
    ["http://example.com:25/", "Port 25"],
    ["http://", "not an absolute URL"],
    [`http://example.com/${"a".repeat(9000)}`, "longer than"],
  ])("class 22: refuses %s and reaches nothing", async (url, reason) => {
    const lookup: Lookup = () => Promise.reject(new Error("looked up"));
    const called = await fetch(url, { lookup });
    expect(called.outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
    expect(called.text).toContain(reason);
    expect(called.effects).toEqual([]);
  });

  it("sends no credentials, cookies or identity", async () => {
    let headers: ReadonlySet<string> = new Set();
    const server = await testServer((request, response) => {
      headers = new Set(Object.keys(request.headers));
      response.writeHead(200, { "content-type": "text/plain", "set-cookie": "a=b" }).end("x");
    });
    await fetch(server.origin);
    expect(headers).toEqual(
      new Set(["accept", "accept-encoding", "accept-language", "connection", "host", "user-agent"]),
    );
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
  ])("unpacks %s", async (coding, pack) => {
    const server = await testServer((_, response) => {
      response.writeHead(200, { "content-type": "text/plain", "content-encoding": coding });
      response.end(pack(Buffer.from("unpacked ".repeat(1000))));
    });
    expect((await fetch(server.origin)).text).toContain("unpacked unpacked");
  });

  it("P7: a small packed body that unpacks to gigabytes is cut, in bounded memory", async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(300_000_000, "a"), { level: 9 }), { level: 9 });
    expect(bomb.length).toBeLessThan(10_000);
    const server = await testServer((_, response) => {
      response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip, gzip" }).end(bomb);
    });
    const before = process.memoryUsage().rss;
    const called = await fetch(server.origin);
    expect(called.text).toContain("larger than what is read");
    expect(called.outcome).toMatchObject({ details: { bytes: 10_000_000 } });
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it("P7: an endless body is cut and its connection closed", async () => {
    let closed: () => void = () => undefined;
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await testServer((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const more = (): void => {
        while (!response.destroyed && response.write("endless ".repeat(1000)));
      };
      response.on("drain", more);
      response.on("close", closed);
      more();
    });
    const called = await fetch(server.origin, { ...open, limits: { bytes: 100_000 } });
    expect(called.text).toContain("larger than what is read");
    await isClosed;
  });

  it("L6: a server that never answers, or stalls in the body, ends in a time-out", async () => {
    const server = await testServer((request, response) => {
      if (request.url === "/body") response.writeHead(200, { "content-type": "text/plain" }).write("start");
    });
    const never = await fetch(`${server.origin}/`, { ...open, limits: { totalMs: 100 } });
    expect(never.outcome).toMatchObject({ status: "failed", error: { code: "timed-out" } });
    const stalled = await fetch(`${server.origin}/body`, { ...open, limits: { idleMs: 50 } });
    expect(stalled.text).toContain("sent nothing for 0.05 seconds");
  });

  it("L6: a name server that never answers ends in a time-out too", async () => {
    const lookup: Lookup = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const called = await fetch("http://example.com/", { lookup, limits: { totalMs: 50 } });
    expect(called.outcome).toMatchObject({ status: "failed", error: { code: "timed-out" } });
  });

  it("L3: names the host that cannot be found or reached", async () => {
    const lookup: Lookup = () => Promise.reject(new Error("getaddrinfo ENOTFOUND nowhere.example"));
    expect((await fetch("http://nowhere.example/", { lookup })).text).toContain(
      "nowhere.example cannot be found",
    );
    const server = await testServer(() => undefined);
    const refused = await fetch(`http://127.0.0.1:${server.port === 1 ? 3 : 1024}/`);
    expect(refused.status).toBe("failed");
  });

  it("W1: settles when the call is cancelled", async () => {
    const stop = new AbortController();
    const server = await testServer(() => stop.abort());
    expect((await fetch(server.origin, open, "x", stop.signal)).status).toBe("cancelled");
  });

  it("fails with the status and the words of an error page", async () => {
    const server = await testServer((_, response) =>
      response.writeHead(404, { "content-type": "text/html" }).end("<h1>No such page</h1>"),
    );
    const called = await fetch(server.origin);
    expect(called.status).toBe("failed");
    expect(called.text).toMatch(/status 404.*# No such page/s);
  });

  it("shows JSON and text as they are, pictures as pictures, and names what else it is", async () => {
    const png = Buffer.from("89504e470d0a1a0a", "hex");
    const types: Readonly<Record<string, readonly [string, string | Buffer]>> = {
      "/json": ["application/vnd.api+json", '{"a": [1]}'],
      "/text": ["text/plain", "a\n  b"],
      "/png": ["image/png", png],
      "/zip": ["application/zip", "PK\0\0"],
      "/none": ["", "<!doctype html><p>sniffed"],
    };
    const server = await testServer((request, response) => {
      const [type, body] = types[request.url ?? ""] ?? ["", ""];
      if (type !== "") response.setHeader("content-type", type);
      response.end(body);
    });
    const at = async (path: string) => fetch(`${server.origin}${path}`);
    expect((await at("/json")).text).toMatch(/\n\n\{"a": \[1\]\}$/);
    expect((await at("/text")).text).toMatch(/\n\na\n {2}b$/);
    expect((await at("/png")).outcome.content[1]).toEqual({
      type: "image",
      mediaType: "image/png",
      data: png.toString("base64"),
    });
    expect((await at("/zip")).text).toContain("application/zip");
    expect((await at("/none")).text).toMatch(/\n\nsniffed$/);
  });

  it.each<[string, string, Uint8Array]>([
    ["the header", "text/html; charset=iso-8859-1", Buffer.from("<p>caf\xe9", "latin1")],
    ["the page", "text/html", Buffer.from('<meta charset="windows-1252"><p>caf\xe9', "latin1")],
    [
      "the page's http-equiv",
      "text/html",
      Buffer.from('<meta http-equiv=content-type content="text/html; charset=latin1"><p>caf\xe9', "latin1"),
    ],
    ["the byte order mark", "text/html; charset=latin1", Buffer.from("\ufeff<p>café", "utf8")],
    ["UTF-16 by its mark", "text/plain", Buffer.from("\ufeffcafé", "utf16le")],
    ["nobody", "text/plain", Buffer.from("café")],
    ["a name that is not one", "text/plain; charset=nonsense", Buffer.from("café")],
  ])("takes the encoding from %s", async (_, type, body) => {
    const server = await testServer((_request, response) =>
      response.writeHead(200, { "content-type": type }).end(body),
    );
    expect((await fetch(server.origin)).text).toMatch(/café$/);
  });

  it("shows of a long page the sections that fit the prompt, in order, and says so", async () => {
    const filler = `<p>${"Lorem ipsum dolor sit amet consectetur. ".repeat(60)}</p>`;
    const sections = Array.from({ length: 40 }, (_, index) => `<h2>Part ${index}</h2>${filler}`);
    sections[31] = `<h2>Webhook signatures</h2><p>Verify the HMAC of each delivery.</p>${filler}`;
    sections[33] = `<h2>Billing</h2><p>Signatures of invoices.</p>${filler}`;
    const server = await testServer((_, response) => html(response, `<h1>Manual</h1>${sections.join("")}`));
    const called = await fetch(server.origin, open, "How do I verify webhook signatures?");
    expect(called.text.length).toBeLessThan(22_000);
    expect(called.text).toContain("# Manual");
    expect(called.text.indexOf("## Webhook signatures")).toBeGreaterThan(0);
    expect(called.text.indexOf("## Billing")).toBeGreaterThan(called.text.indexOf("## Webhook signatures"));
    expect(called.text).toMatch(/Shown are \d+ of its 41 sections/);
  });

  it("lets a rule open one private host and nothing else", async () => {
    const server = await testServer((_, response) => html(response, "inside"));
    const options: WebFetchToolOptions = {
      ...open,
      allowAddress: (_, url) => url.hostname === "wiki.example",
    };
    expect((await fetch(`http://wiki.example:${server.port}/`, options)).text).toContain("inside");
    expect((await fetch(`http://other.example:${server.port}/`, options)).status).toBe("failed");
  });
});
