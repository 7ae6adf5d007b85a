import type { Fetch } from "@claw/agent-mcp";
import { describe, expect, test } from "vitest";
import { site } from "./site.ts";
import { call, codeOf, said, startMcp } from "./support.ts";

const cached = { resultType: "complete", ttlMs: 0, cacheScope: "private" };
const question = {
  method: "elicitation/create",
  params: { mode: "form", message: "Go on?", requestedSchema: { type: "object", properties: {} } },
};

/** Answers of the protocol of 2026-07-28; the answer to a call has rounds, and each of them a stream of its own. */
function newerSite(rounds: readonly ("asks" | "ends" | "answers")[]) {
  let round = 0;
  return site(({ message: { id, method }, response }) => {
    const results: Readonly<Record<string, object>> = {
      "server/discover": { ...cached, supportedVersions: ["2026-07-28"], capabilities: { tools: {} } },
      "tools/list": { ...cached, tools: [{ name: "write", inputSchema: { type: "object" } }] },
      asks: { resultType: "input_required", inputRequests: { a: question }, requestState: "s" },
      answers: { resultType: "complete", content: [{ type: "text", text: "done" }] },
    };
    const result = results[method === "tools/call" ? (rounds[round++] ?? "") : (method ?? "")];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(
      result === undefined ? ": soon\n\n" : `data: ${JSON.stringify({ jsonrpc: "2.0", id, result })}\n\n`,
    );
    return true;
  });
}

/** The platform's `fetch`, and when the bodies of its answers are read to their end. */
function endingFetch() {
  const ends: (() => void)[] = [];
  const fetch: Fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    const tell = new TransformStream<Uint8Array, Uint8Array>({
      flush: () => {
        for (const end of ends.splice(0)) end();
      },
    });
    return new Response(response.body?.pipeThrough(tell), response);
  };
  return { fetch, nextEnd: () => new Promise<void>((resolve) => ends.push(resolve)) };
}

describe("a call over HTTP that the server asks the person for", () => {
  test.each([
    ["is answered after the answer of the person, whatever became of the question's stream", "answers", "ok"],
    ["is not waited for when the stream of its last answer ends without it", "ends", "outcome-unknown"],
  ] as const)("%s", async (_, last, code) => {
    const { url, log } = await newerSite(["asks", "asks", last]);
    const { fetch, nextEnd } = endingFetch();
    let asked = 0;
    const elicit = async (): Promise<{ action: "accept" }> => {
      asked += 1;
      await nextEnd();
      // Whoever heard of the end has its turn.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
      return { action: "accept" };
    };
    await using mcp = await startMcp({ far: { type: "http", url } }, { host: { elicit }, fetch });
    await mcp.settled(20_000);
    const outcome = await call(mcp, "far", "write");
    expect(codeOf(outcome), said(outcome)).toBe(code);
    expect(asked).toBe(2);
    expect(log.filter((line) => line.startsWith("tools/call"))).toHaveLength(3);
  });
});
