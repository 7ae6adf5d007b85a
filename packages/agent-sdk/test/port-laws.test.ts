import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { answerTransportLaw, transportLaws } from "@claw/agent-core/testing";
import { nodeTransport } from "@claw/agent-sdk";
import { afterAll, beforeAll, describe, test } from "vitest";

const open = new Set<ServerResponse>();
const waiting = new Set<ServerResponse>();

/** The server of the laws, on `node:http`. */
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

function settle(): void {
  if (open.size > 0) return;
  for (const response of waiting) response.end("closed");
  waiting.clear();
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
const address = { url: "", deadUrl: "" };

const listen = (on: typeof server): Promise<string> =>
  new Promise((resolve) => {
    on.listen(0, "127.0.0.1", () => {
      const { port } = on.address() as AddressInfo; // a TCP server that listens has one
      resolve(`http://127.0.0.1:${port}`);
    });
  });

beforeAll(async () => {
  const gone = createServer();
  address.deadUrl = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  address.url = await listen(server);
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

describe("nodeTransport keeps the laws of its port", () => {
  for (const law of transportLaws(nodeTransport(), address)) test(law.name, law.check);
});
