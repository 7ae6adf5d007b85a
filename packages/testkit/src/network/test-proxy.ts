import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** What a proxy does with one request. */
export type ProxyManner =
  | "pass"
  /** Takes it and says nothing. */
  | "silent"
  /** Ends the connection when it has passed on the first bytes of the answer. */
  | "cut"
  /** Answers so itself. */
  | { readonly status: number; readonly words?: string };

export interface TestProxyOptions {
  /** The port on loopback behind each host that it knows: names that nobody else resolves. Others get 502. */
  readonly hosts: Readonly<Record<string, number>>;
  /** `user:password`. Left out: everybody may use it. */
  readonly login?: string;
  /** Default: `pass`. Asked after the login. */
  readonly manner?: (request: ProxiedRequest) => ProxyManner;
}

export interface ProxiedRequest {
  readonly method: string;
  /** A whole address, or host and port for `CONNECT`. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
}

/** A real proxy on loopback: makes connections (`CONNECT`), and asks for whole addresses. */
export interface TestProxy extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly place: string;
  /** What it was asked, in order. */
  readonly seen: readonly ProxiedRequest[];
  /** Connections to it that are open now. */
  readonly open: () => number;
}

export async function startTestProxy(options: TestProxyOptions): Promise<TestProxy> {
  const seen: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();

  function mannerOf({ method = "", url = "", headers }: IncomingMessage): ProxyManner {
    const asked = { method, target: url, headers };
    seen.push(asked);
    const { login, manner = () => "pass" } = options;
    const known = login === undefined ? undefined : `Basic ${Buffer.from(login).toString("base64")}`;
    if (known !== undefined && headers["proxy-authorization"] !== known) {
      return { status: 407, words: "Proxy Authentication Required" };
    }
    return manner(asked);
  }

  const server = createServer((incoming, response) => {
    const manner = mannerOf(incoming);
    if (manner === "silent") return;
    const url = new URL(incoming.url ?? "");
    const port = options.hosts[url.hostname];
    const refused = typeof manner === "object" ? manner : port === undefined ? { status: 502 } : undefined;
    if (refused !== undefined || port === undefined) {
      response.writeHead(refused?.status ?? 502, refused?.words).end("said by the proxy");
      return;
    }
    passOn(incoming, response, { url, port, isCut: manner === "cut" });
  });
  server.on("connect", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const manner = mannerOf(incoming);
    socket.on("error", () => socket.destroy());
    if (manner === "silent") {
      // Whoever gives up is noticed all the same.
      socket.on("end", () => socket.destroy());
      socket.resume();
      return;
    }
    const port = options.hosts[(incoming.url ?? "").replace(/:\d+$/, "")];
    const refused = typeof manner === "object" ? manner : port === undefined ? { status: 502 } : undefined;
    if (refused !== undefined || port === undefined) {
      socket.end(`HTTP/1.1 ${refused?.status ?? 502} ${refused?.words ?? "Bad Gateway"}\r\n\r\n`);
      return;
    }
    tunnel(socket, head, { port, isCut: manner === "cut" });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    place: `127.0.0.1:${port}`,
    seen,
    open: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function passOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  { url, port, isCut }: { readonly url: URL; readonly port: number; readonly isCut: boolean },
): void {
  const { "proxy-authorization": _, ...headers } = incoming.headers;
  const { method } = incoming;
  const path = url.pathname + url.search;
  const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    response.flushHeaders();
    answer.on("error", () => response.destroy());
    if (!isCut) answer.pipe(response);
    else answer.once("data", (first: Buffer) => response.write(first, () => response.destroy()));
  });
  outgoing.on("error", () => response.destroy());
  response.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function tunnel(
  socket: Socket,
  head: Buffer,
  { port, isCut }: { readonly port: number; readonly isCut: boolean },
): void {
  const far = connect(port, "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    far.write(head);
    socket.pipe(far);
    if (!isCut) far.pipe(socket);
    else far.once("data", (first) => socket.write(first.subarray(0, 20), () => socket.destroy()));
  });
  far.on("error", () => socket.destroy());
  socket.on("close", () => far.destroy());
  far.on("close", () => socket.destroy());
}
