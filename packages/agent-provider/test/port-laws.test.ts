import type { Transport } from "@claw/agent-core";
import { transportLaws } from "@claw/agent-core/testing";
import { fetchTransport } from "@claw/agent-provider";
import { deadAddress, type LawServer, lawServer } from "@claw/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const address = { url: "", deadUrl: "" };
let shared: LawServer;
beforeAll(async () => {
  address.deadUrl = await deadAddress();
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
