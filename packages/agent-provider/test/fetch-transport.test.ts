import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { anthropicMessages, createModel, fetchTransport } from "@claw/agent-provider";
import { afterEach, describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { protocolCases, streamOf } from "./support/protocol-cases.ts";
import { hello } from "./support/requests.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return `http://127.0.0.1:${port}`;
}

const signal = new AbortController().signal;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
}

describe("fetchTransport", () => {
  test("sends the joined pieces as UTF-8, and gives status, headers in lower case and the decoded body", async () => {
    let seen = "";
    const url = await serve((request, response) => {
      request.setEncoding("utf8");
      request.on("data", (chunk: string) => {
        seen += chunk;
      });
      request.on("end", () => {
        response.writeHead(418, { "X-Kind": "Teapot", "content-encoding": "gzip" });
        response.end(gzipSync("Grüße 👋"));
      });
    });
    const headers = { "content-type": "application/json" };
    const response = await fetchTransport({ method: "POST", url, headers, body: ['{"a":', '"👋"}'] }, signal);
    expect(response.status).toBe(418);
    expect(response.headers["x-kind"]).toBe("Teapot");
    expect(await textOf(response.body)).toBe("Grüße 👋");
    expect(seen).toBe('{"a":"👋"}');
  });

  test("a redirect is an answer, and is not followed", async () => {
    let hits = 0;
    const url = await serve((_request, response) => {
      hits += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const response = await fetchTransport({ method: "GET", url, headers: {} }, signal);
    expect(response.status).toBe(307);
    expect(hits).toBe(1);
  });

  test("leaving the body closes the connection", async () => {
    let closed: () => void;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serve((_request, response) => {
      response.on("close", () => closed());
      response.write("x");
    });
    const response = await fetchTransport({ method: "GET", url, headers: {} }, signal);
    for await (const _ of response.body) break;
    await gone;
  });
});

describe("a model over fetch", () => {
  const one = protocolCases[0];
  if (one === undefined) throw new Error("no case");
  const model = (url: string) =>
    createModel({
      protocol: anthropicMessages({ model: { provider: "anthropic", id: "m" } }),
      endpoint: { provider: "anthropic", label: "Mock", url },
      auth: { type: "none" },
      transport: fetchTransport,
    });

  test("stream_timing: a delta is there before the next one is sent", async () => {
    const first = streamOf(one, 9);
    let proceed: () => void = () => undefined;
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(first);
      proceed = () => response.end(streamOf(one).slice(first.length));
    });
    const stream = model(url)(hello, signal);
    expect((await stream.next()).value).toMatchObject({ type: "reasoning-delta" });
    expect((await stream.next()).value).toMatchObject({ type: "text-delta", delta: "Grüße " });
    proceed();
    let step = await stream.next();
    while (step.done !== true) step = await stream.next();
    expect(step.value.stop.reason).toBe("tool-calls");
  });

  test("W1 cancel_while_streaming: the server sees the connection close", async () => {
    let closed: () => void;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serve((_request, response) => {
      response.on("close", () => closed());
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamOf(one, 9));
    });
    const controller = new AbortController();
    const stream = model(url)(hello, controller.signal);
    await stream.next();
    controller.abort();
    let step = await stream.next();
    while (step.done !== true) step = await stream.next();
    expect(step.value.stop).toEqual({ reason: "aborted" });
    await gone;
  });

  test("L3: a closed port", async () => {
    const url = await serve(() => undefined);
    for (const stop of stops.splice(0)) await stop();
    const { message } = await collect(model(url), hello);
    expect(message.stop).toMatchObject({
      error: {
        code: "network",
        message: expect.stringContaining("it refused the connection (ECONNREFUSED)"),
      },
    });
  });

  test("L4: the connection is destroyed after some text", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamOf(one, 9), () => setImmediate(() => response.destroy()));
    });
    const { message } = await collect(model(url), hello);
    expect(message).toMatchObject({
      stop: { reason: "error", error: { code: "interrupted" } },
      content: [{ type: "reasoning" }, { type: "text", text: "Grüße " }],
    });
  });

  test("connections are used again for the next requests", async () => {
    const sockets = new Set<unknown>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(streamOf(one));
    });
    const calling = model(url);
    for (let index = 0; index < 8; index += 1) await collect(calling, hello);
    // `fetch` itself takes turns between two.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });
});
