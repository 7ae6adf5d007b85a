import { describe, expect, test } from "vitest";
import { boundedFetch } from "../src/connection/bounded-fetch.ts";
import type { Fetch } from "../src/connection/fetch.ts";

/** Answers with these bytes, so many at a time. */
function answering(body: string, type: string, size: number): Fetch {
  const bytes = new TextEncoder().encode(body);
  return () => {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    return Promise.resolve(new Response(stream, { headers: { "content-type": type } }));
  };
}

async function read(fetch: Fetch, maxBytes: number): Promise<string> {
  const response = await boundedFetch(fetch, maxBytes)("http://127.0.0.1/");
  return response.text();
}

describe("what a server sends over HTTP", () => {
  test.each(["\n", "\r\n", "\r"])(
    "as events: each is held to the limit, and not all of them (%j)",
    async (end) => {
      const event = `id: 1${end}data: 0123456789${end}${end}`;
      const many = event.repeat(20);
      for (let size = 1; size <= event.length; size += 1) {
        const within = answering(many, "Text/Event-Stream; charset=utf-8", size);
        expect(await read(within, event.length + size)).toBe(many);
        const long = answering(
          `${event}data: 0${end}`.repeat(20).replaceAll(`${end}${end}`, end),
          "text/event-stream",
          size,
        );
        await expect(read(long, event.length + size)).rejects.toThrow(
          `longer than ${event.length + size} bytes`,
        );
      }
    },
  );

  test("as one answer: the whole is held to the limit", async () => {
    expect(await read(answering("x\n\n".repeat(4), "application/json", 5), 12)).toBe("x\n\n".repeat(4));
    await expect(read(answering("x\n\n".repeat(4), "application/json", 5), 11)).rejects.toThrow(
      "longer than 11",
    );
  });

  test("is the same response otherwise", async () => {
    const given = new Response("moved", { status: 203, statusText: "Odd", headers: { "x-a": "b" } });
    Object.defineProperties(given, { url: { value: "http://127.0.0.1/other" }, redirected: { value: true } });
    const response = await boundedFetch(() => Promise.resolve(given), 100)("http://127.0.0.1/");
    expect([response.status, response.statusText, response.headers.get("x-a")]).toEqual([203, "Odd", "b"]);
    expect([response.url, response.redirected]).toEqual(["http://127.0.0.1/other", true]);
    const empty = new Response(null, { status: 204 });
    expect(await boundedFetch(() => Promise.resolve(empty), 100)("http://127.0.0.1/")).toBe(empty);
  });
});
