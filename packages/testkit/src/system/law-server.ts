import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { answerTransportLaw } from "@claw/agent-core/testing";

/** What the laws of a transport ask, on `node:http`. */
export interface LawServer extends AsyncDisposable {
  readonly url: string;
}

export async function lawServer(): Promise<LawServer> {
  const open = new Set<ServerResponse>();
  const waiting = new Set<ServerResponse>();
  const settle = (): void => {
    if (open.size > 0) return;
    for (const response of waiting) response.end("closed");
    waiting.clear();
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = request;
    const law = answerTransportLaw({ method, path, headers, body: await text(request) });
    switch (law.type) {
      case "answer":
        response.writeHead(law.status, law.headers).end(law.body);
        return;
      case "forever":
        open.add(response);
        response.once("close", () => {
          open.delete(response);
          settle();
        });
        response.writeHead(200).write("piece");
        return;
      case "when-closed":
        waiting.add(response);
        settle();
        return;
      case "silent":
        return;
      case "torn":
        response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    }
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return {
    url: await listen(server),
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Where nobody listens any more. */
export async function deadAddress(): Promise<string> {
  const gone = createServer();
  const url = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  return url;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}
