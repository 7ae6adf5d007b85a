import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface TestServer {
  /** Such as `http://127.0.0.1:40000`. */
  readonly origin: string;
  readonly port: number;
  /** The requests so far, as `Host path`. */
  readonly requests: readonly string[];
}

/** A server on loopback that goes away with the test, whatever is still connected. */
export async function testServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.headers.host} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo; // a TCP server's address is always this
  return { origin: `http://127.0.0.1:${port}`, port, requests };
}
