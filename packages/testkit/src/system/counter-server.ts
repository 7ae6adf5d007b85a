import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server on loopback that counts who asks for what: proves that something was, or was not, fetched. */
export interface CounterServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a path. */
  readonly url: string;
  /** Requests for this path, or of any path. The query is no part of a path. */
  readonly count: (path?: string) => number;
  readonly close: () => Promise<void>;
}

export interface CounterAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @param answer what a path is answered with. Default: 200 and `ok`. */
export async function counterServer(
  answer: (path: string) => CounterAnswer = () => ({ body: "ok" }),
): Promise<CounterServer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\?.*$/, "");
    paths.push(path);
    const { status, headers, body } = answer(path);
    request.resume();
    response.writeHead(status ?? 200, headers ?? { "content-type": "text/plain" });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo; // a TCP server that listens has one
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    count: (path) => (path === undefined ? paths.length : paths.filter((one) => one === path).length),
    close,
    [Symbol.asyncDispose]: close,
  };
}
