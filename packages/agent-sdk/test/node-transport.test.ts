import { createServer, type IncomingMessage, type Server } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  Socket,
  type Server as TcpServer,
} from "node:net";
import { text } from "node:stream/consumers";
import type { TransportResponse } from "@claw/agent-core";
import { type NodeTransportOptions, nodeTransport } from "@claw/agent-sdk";
import { afterEach, describe, expect, test, vi } from "vitest";
import { proxyFor } from "../src/proxy-for.ts";

const { signal } = new AbortController();
const servers: (Server | TcpServer)[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) {
    if ("closeAllConnections" in server) server.closeAllConnections();
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
    ["192.0.2.7:80", "192.0.2.7"],
    ["localhost,10.0.0.0/8,192.168.0.0/16", "192.168.1.5"],
    ["fd00:0::5", "[fd00::5]"],
    ["[fd00::5]", "[fd00::5]"],
    ["[fd00::5]:80", "[fd00::5]"],
    ["fd00::/8", "[fd12:3456::1]"],
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

  test.each([
    ["10.0.0.0/8", "11.1.2.3"],
    ["10.0.0.0/33, 10.0.0.0/, 0.0.0.0/x", "10.1.2.3"],
    ["0.0.0.0/0", "models.test"],
    ["0.0.0.0/0, [fd00::5]:81", "[fd00::5]"],
    ["1.2.3", "9.1.2.3"],
  ])("NO_PROXY=%s does not except %s", (NO_PROXY, host) => {
    const env = { http_proxy: "proxy.test:3128", NO_PROXY };
    expect(proxyFor(`http://${host}/`, env)).toBeDefined();
  });

  test("this machine is never reached through a proxy", async () => {
    const { place } = await greeter();
    const env = { http_proxy: "http://127.0.0.1:1" };
    expect(await post(`http://${place}/`, { env })).toBe("hi");
    expect(await post(`http://${place.replace("127.0.0.1", "localhost")}/`, { env })).toBe("hi");
  });
});

describe("L3: a name with several addresses", () => {
  /** What each connection was made with; none of them leads anywhere else than to the given place. */
  function watchConnections(): readonly unknown[] {
    const seen: unknown[] = [];
    const connect = Socket.prototype.connect;
    vi.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket, ...args: unknown[]) {
      seen.push([args[0]].flat()[0]);
      return Reflect.apply(connect, this, args);
    });
    return seen;
  }
  const patient = { autoSelectFamilyAttemptTimeout: 1_000 };

  test("each of them has the time that a far one needs, also the proxy's", async () => {
    const { place } = await greeter();
    const seen = watchConnections();
    await post(`http://${place}/`, { env: {} });
    await post("http://models.test/", { env: { http_proxy: place } });
    const tunnel = post("https://models.test/", { env: { https_proxy: place } });
    await expect(tunnel).rejects.toThrow("the proxy");
    const secure = post(`https://${place}/`, { env: {} });
    await expect(secure).rejects.toThrow();
    // Those of the servers' side make none.
    expect(seen).toMatchObject([patient, patient, patient, patient]);
  });
});

test("an answer that wants to go on in another protocol ends the request", async () => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  await expect(post(`http://127.0.0.1:${port}/`, { env: {} })).rejects.toThrow("another protocol");
  server.close();
});

test("L8: an answer that is packed as nothing that Node undoes says so, and is no noise", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-encoding": "zstd" }).end("noise");
  });
  const place = await listen(server);
  await expect(post(`http://${place}/`, { env: {} })).rejects.toThrow("it is packed as zstd");
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

  test("L3: one that breaks is told, and not replaced unsaid", async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      socket.on("error", () => undefined);
      socket.once("data", () => socket.destroy());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    await expect(post(`http://127.0.0.1:${port}/`, { env: {} })).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    expect(connections).toBe(1);
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
