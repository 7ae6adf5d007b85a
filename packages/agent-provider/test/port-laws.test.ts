import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Transport } from "@claw/agent-core";
import { answerTransportLaw, transportLaws } from "@claw/agent-core/testing";
import { fetchTransport } from "@claw/agent-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The server of the laws, on `node:http`. */
interface LawServer extends AsyncDisposable {
  readonly url: string;
}

async function lawServer(): Promise<LawServer> {
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

const listen = (on: Server): Promise<string> =>
  new Promise((resolve) => {
    on.listen(0, "127.0.0.1", () => {
      const { port } = on.address() as AddressInfo; // a TCP server that listens has one
      resolve(`http://127.0.0.1:${port}`);
    });
  });

const address = { url: "", deadUrl: "" };
let shared: LawServer;
beforeAll(async () => {
  const gone = createServer();
  address.deadUrl = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  shared = await lawServer();
  address.url = shared.url;
});
afterAll(() => shared[Symbol.asyncDispose]());

describe("fetchTransport keeps the laws of its port", () => {
  for (const law of transportLaws(fetchTransport, address)) test(law.name, law.check);
});

describe("transportLaws finds out a transport that breaks one of them", () => {
  const whole = async (...call: Parameters<Transport>): ReturnType<Transport> => {
    const response = await fetchTransport(...call);
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of response.body) pieces.push(piece);
    } catch {
      // What came is taken for all there is.
    }
    return { ...response, body: iterate(pieces) };
  };
  const broken: Readonly<Record<string, Transport>> = {
    "a request arrives with its method, its headers and its joined body": (request, signal) =>
      fetchTransport({ ...request, headers: {} }, signal),
    "every status is an answer, with header names in lower case": async (request, signal) => {
      const response = await fetchTransport(request, signal);
      if (response.status >= 400) throw new Error(`status ${response.status}`);
      return response;
    },
    "a body comes in pieces while the server still writes": async (request, signal) => {
      const { body, ...response } = await fetchTransport(request, signal);
      const iterator = body[Symbol.asyncIterator]();
      // Leaving it reaches nobody.
      return { ...response, body: { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) } };
    },
    "an abort ends the waiting for an answer and the reading of a body": (request) =>
      fetchTransport(request, new AbortController().signal),
    "an answer can be let go of at any moment, also when it is just over": async (request, signal) => {
      const response = await fetchTransport(request, signal);
      if (response.status === 200) throw new Error("it broke when it was let go of");
      return response;
    },
    "a body that is cut off is an error, not an end": whole,
    "without an answer it rejects": (request, signal) =>
      fetchTransport(request, signal).catch(() => ({ status: 502, headers: {}, body: iterate([]) })),
  };
  test("all of them", () => {
    expect(transportLaws(fetchTransport, address).map((law) => law.name)).toEqual(Object.keys(broken));
  });
  for (const [name, transport] of Object.entries(broken)) {
    // Some are found out by waiting in vain, which they do together, each on a server that nobody else holds open.
    test.concurrent(name, async () => {
      await using own = await lawServer();
      const law = transportLaws(transport, { ...address, url: own.url }).find((each) => each.name === name);
      await expect(law?.check()).rejects.toThrow();
    });
  }
});

async function* iterate(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
