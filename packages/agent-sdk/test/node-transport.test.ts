import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { TransportResponse } from "@claw/agent-core";
import { type NodeTransportOptions, nodeTransport } from "@claw/agent-sdk";
import { afterEach, describe, expect, test } from "vitest";
import { proxyFor } from "../src/proxy-for.ts";

const { signal } = new AbortController();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** `127.0.0.1:port` of a server that lives for one test. */
function listen(server: Server): Promise<string> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

interface Seen {
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly socket: Socket;
}

/** A server that says "hi" to each request, and what it was asked. */
async function greeter(): Promise<{ readonly place: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { url, headers, socket } = request;
    seen.push({ url, headers, socket, body: await text(request) });
    response.end("hi");
  });
  return { place: await listen(server), seen };
}

async function read({ body }: TransportResponse): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function post(url: string, options: NodeTransportOptions): Promise<string> {
  const request = { method: "POST", url, headers: { "x-api-key": "k" }, body: ["a", "b"] } as const;
  return await read(await nodeTransport(options)(request, signal));
}

describe("proxies of the environment", () => {
  test.each(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])(
    "%s: what is not encrypted is asked of the proxy by its whole address",
    async (name) => {
      const { place, seen } = await greeter();
      const env = { [name]: `http://me:p%40ss@${place}` };
      expect(await post("http://models.test:8080/v1/chat?x=1", { env })).toBe("hi");
      expect(seen).toMatchObject([
        {
          url: "http://models.test:8080/v1/chat?x=1",
          headers: {
            host: "models.test:8080",
            "x-api-key": "k",
            "proxy-authorization": `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
          },
          body: "ab",
        },
      ]);
    },
  );

  test("what is encrypted goes through a tunnel: the proxy sees host and port, and neither path nor key", async () => {
    let asked: IncomingMessage | undefined;
    const proxy = createServer();
    const hello = new Promise<Buffer>((resolve) => {
      proxy.on("connect", (request: IncomingMessage, socket: Socket) => {
        asked = request;
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.once("data", (bytes) => {
          resolve(bytes);
          socket.destroy();
        });
      });
    });
    const env = { HTTPS_PROXY: `me:secret@${await listen(proxy)}`, http_proxy: "http://127.0.0.1:1" };
    await expect(post("https://models.test/v1/messages", { env })).rejects.toThrow();
    expect(asked).toMatchObject({
      method: "CONNECT",
      url: "models.test:443",
      headers: { host: "models.test:443" },
    });
    expect(asked?.headers["proxy-authorization"]).toBe(
      `Basic ${Buffer.from("me:secret").toString("base64")}`,
    );
    expect(asked?.headers).not.toHaveProperty("x-api-key");
    const first = await hello;
    expect(first[0]).toBe(0x16); // a TLS handshake
    expect(first.toString("latin1")).toContain("models.test");
  });

  test("a proxy that refuses or is not there is named, without its password", async () => {
    const proxy = createServer();
    proxy.on("connect", (_request, socket: Socket) => {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    const place = await listen(proxy);
    const ask = (address: string): Promise<string> =>
      post("https://models.test/", { env: { https_proxy: address } });
    await expect(ask(`http://me:secret@${place}`)).rejects.toThrow(
      `the proxy at ${place} answered 407 Proxy Authentication Required`,
    );
    await expect(ask("http://me:secret@127.0.0.1:1")).rejects.toThrow(
      /^the proxy at 127\.0\.0\.1:1 cannot be reached/,
    );
    await expect(ask("socks5://127.0.0.1:1")).rejects.toThrow(
      "https_proxy names a proxy of the kind socks5://",
    );
    await expect(ask("http://[")).rejects.toThrow("https_proxy is not the address of a proxy");
  });

  test.each([
    ["models.test", "models.test"],
    ["other.test, .models.test", "eu.models.test"],
    ["*.models.test", "models.test"],
    ["MODELS.test:80", "models.test"],
    ["*", "models.test"],
    ["192.0.2.7", "192.0.2.7"],
  ])("NO_PROXY=%s excepts %s", (NO_PROXY, host) => {
    const env = { http_proxy: "proxy.test:3128", NO_PROXY };
    expect(proxyFor(`http://${host}/`, env)).toBeUndefined();
  });

  test.each(["notmodels.test, models.test.other, models.test:81,,", "s.test", ""])(
    "NO_PROXY=%s does not except models.test",
    (no_proxy) => {
      const env = { HTTP_PROXY: "proxy.test:3128", no_proxy };
      expect(proxyFor("http://models.test/", env)?.address.href).toBe("http://proxy.test:3128/");
    },
  );

  test("this machine is never reached through a proxy", async () => {
    const { place } = await greeter();
    const env = { http_proxy: "http://127.0.0.1:1" };
    expect(await post(`http://${place}/`, { env })).toBe("hi");
    expect(await post(`http://${place.replace("127.0.0.1", "localhost")}/`, { env })).toBe("hi");
  });
});

describe("connections", () => {
  test("one is used again, but not after a minute of silence by the clock on the wall", async () => {
    const { place, seen } = await greeter();
    let now = 0;
    const transport = nodeTransport({ env: {}, now: () => now });
    const ask = async (): Promise<Socket | undefined> => {
      await read(await transport({ method: "GET", url: `http://${place}/`, headers: {} }, signal));
      // The socket is free again once the end of the answer was dealt with.
      await new Promise(setImmediate);
      return seen.at(-1)?.socket;
    };
    const first = await ask();
    now += 60_000;
    expect(await ask()).toBe(first);
    now += 60_001;
    const second = await ask();
    expect(second).not.toBe(first);
    expect(await ask()).toBe(second);
  });

  test("one that the server closed between two requests is not used", async () => {
    const { place, seen } = await greeter();
    const transport = nodeTransport({ env: {} });
    for (let count = 0; count < 3; count += 1) {
      const answer = await transport({ method: "GET", url: `http://${place}/`, headers: {} }, signal);
      expect(await read(answer)).toBe("hi");
      const socket = seen.at(-1)?.socket;
      const closed = new Promise((resolve) => socket?.once("close", resolve));
      socket?.destroy();
      await closed;
      await new Promise(setImmediate);
    }
    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(3);
  });
});
