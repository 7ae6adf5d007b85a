import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib";
import { type Agent, createAgent, memoryJournal } from "@claw/agent-sdk";
import { afterEach, describe, expect, test } from "vitest";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A server that answers each request so, and an agent that talks to it as it would to its own vendor. */
async function agentAt(answer: (response: ServerResponse) => void): Promise<Agent> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const agent = await createAgent({
    provider: "anthropic",
    journal: memoryJournal(),
    env: { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`, HOME: "/nowhere" },
  });
  stops.push(() => agent.close());
  return agent;
}

const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
const said = event({
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text: "Grüße 👋" },
});
const end =
  event({ type: "message_delta", delta: { stop_reason: "end_turn" } }) + event({ type: "message_stop" });
const head = (packing: string): Record<string, string> => ({
  "content-type": "text/event-stream",
  "content-encoding": packing,
});

describe("an answer that is packed although nobody asked for it", () => {
  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("%s is read", async (packing, pack) => {
    const agent = await agentAt((response) => response.writeHead(200, head(packing)).end(pack(said + end)));
    // Twice: the connection can be used again.
    for (const _ of [1, 2]) expect((await agent.run("hi").result).text).toBe("Grüße 👋");
  });

  test("stream_timing: what was sent is there before the rest is", async () => {
    let proceed = (): void => undefined;
    const agent = await agentAt((response) => {
      const packed = createGzip();
      packed.pipe(response.writeHead(200, head("gzip")));
      packed.write(said);
      packed.flush();
      proceed = () => packed.end(end);
    });
    const run = agent.run("hi");
    for await (const { type } of run) if (type === "message-delta") proceed();
    expect(await run.result).toMatchObject({ text: "Grüße 👋", end: { reason: "completed" } });
  });

  test("L4: one that is cut is no answer, and one that is something else is none", async () => {
    const packed = gzipSync(said.repeat(200) + end);
    for (const bytes of [packed.subarray(0, packed.length / 2), Buffer.from("not packed at all")]) {
      const agent = await agentAt((response) => response.writeHead(200, head("gzip")).end(bytes));
      const run = agent.run("hi");
      const faults: string[] = [];
      for await (const event of run) {
        if (event.type === "retry") faults.push(event.error.code);
        if (event.type === "retry" || event.type === "notice") run.cancel();
      }
      expect((await run.result).end.reason).toBe("cancelled");
      expect(faults.filter((code) => code !== "interrupted")).toEqual([]);
    }
  });

  test("L7: one that unpacks to more than an answer may have is given up", { timeout: 60_000 }, async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20, " "));
    const agent = await agentAt((response) => response.writeHead(200, head("gzip")).end(bomb));
    const { end: ended } = await agent.run("hi").result;
    expect(ended).toMatchObject({ reason: "failed", error: { code: "bad-response" } });
  });
});
