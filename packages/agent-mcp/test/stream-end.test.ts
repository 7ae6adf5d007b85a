import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { rejectAtStreamEnd, StreamEnded } from "../src/connection/stream-end.ts";

/** A transport whose requests are answered by a stream that the test writes. */
async function streaming() {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      stream = controller;
    },
  });
  const fetch = (): Promise<Response> =>
    Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  const transport = new StreamableHTTPClientTransport(new URL("http://127.0.0.1/mcp"), { fetch });
  rejectAtStreamEnd(transport);
  await transport.start();
  const call = (requestSignal?: AbortSignal): Promise<void> =>
    transport.send(
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "write" } },
      requestSignal === undefined ? {} : { requestSignal },
    );
  return {
    call,
    say: (message: object) =>
      stream?.enqueue(
        new TextEncoder().encode(`data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`),
      ),
    end: () => stream?.close(),
  };
}

test("the sending of a call lasts until its own answer", async () => {
  const { call, say, end } = await streaming();
  const sending = call();
  say({ id: 1, result: {} });
  expect(await sending).toBeUndefined();
  end();
});

test("it rejects at the end of the stream where only others were answered", async () => {
  const { call, say, end } = await streaming();
  const sending = call();
  say({ id: 2, result: {} });
  say({ id: 1, method: "ping" });
  end();
  await expect(sending).rejects.toBeInstanceOf(StreamEnded);
});

test("it is over when nobody waits for the answer any more", async () => {
  const { call } = await streaming();
  const abort = new AbortController();
  const sending = call(abort.signal);
  abort.abort();
  expect(await sending).toBeUndefined();
});
