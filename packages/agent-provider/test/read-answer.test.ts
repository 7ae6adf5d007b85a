import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assembled, type Collected, collect } from "./support/collect.ts";
import { fakeTransport } from "./support/fake-transport.ts";
import { modelOf } from "./support/model-of.ts";
import { type ProtocolCase, protocolCases, streamOf } from "./support/protocol-cases.ts";
import { hello } from "./support/requests.ts";

async function readPieces(one: ProtocolCase, body: readonly (string | Uint8Array)[]): Promise<Collected> {
  const { transport } = fakeTransport({ headers: { "content-type": one.contentType }, body });
  return await collect(modelOf(one.protocol(), transport), hello);
}

function expectWhole(one: ProtocolCase, { message, deltas }: Collected): void {
  expect(message.stop).toEqual({ reason: "tool-calls", ...(one.raw === undefined ? {} : { raw: one.raw }) });
  expect(message.model).toEqual(one.model);
  expect(message.usage).toEqual(one.usage);
  const ids = message.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []));
  expect(ids).toEqual(["own-1", "own-2"]);
  expect(
    message.content.map((part) => {
      if (part.type !== "tool-call") return part;
      const { id: _, ...rest } = part;
      return rest;
    }),
  ).toEqual(one.content);
  const texts = message.content.map((part) =>
    part.type === "tool-call"
      ? { type: part.type, text: JSON.stringify(part.input), name: part.name, id: part.id }
      : { type: part.type, text: part.text },
  );
  expect(assembled(deltas)).toEqual(texts);
}

describe.each(protocolCases)("$name", (one) => {
  const whole = streamOf(one);
  const bytes = new TextEncoder().encode(whole);

  test("V7 W3 L10 interleaved_tool_deltas, duplicate_tool_ids: parts go by index, ids are ours and unique", async () => {
    expectWhole(one, await readPieces(one, [whole]));
  });

  test("L7 W7 stream_split_utf8: cut in two at every byte, the answer is the same", async () => {
    for (let at = 1; at < bytes.length; at += 1) {
      expectWhole(one, await readPieces(one, [bytes.slice(0, at), bytes.slice(at)]));
    }
  });

  test("L7: byte by byte, the answer is the same", async () => {
    expectWhole(
      one,
      await readPieces(
        one,
        Array.from(bytes, (byte) => Uint8Array.of(byte)),
      ),
    );
  });

  test("L7: cut anywhere into any number of pieces, the answer is the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const body = edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
        expectWhole(one, await readPieces(one, body));
      }),
      { numRuns: 60 },
    );
  });

  test("L7 stream_crlf: lines end with CR LF", async () => {
    const text = whole.replaceAll("\n", "\r\n");
    expectWhole(one, await readPieces(one, [text]));
    expectWhole(one, await readPieces(one, Array.from(text)));
  });

  test("L7: a byte order mark at the start is passed over", async () => {
    expectWhole(one, await readPieces(one, [`\uFEFF${whole}`]));
  });

  test("L5: the line end of the last event may be missing", async () => {
    expectWhole(one, await readPieces(one, [whole.trimEnd()]));
  });

  test("L4 W5 stream_cut: an end before the terminal event is an interruption, at every event", async () => {
    for (let count = 1; count <= one.cutAt; count += 1) {
      const { message } = await readPieces(one, [streamOf(one, count)]);
      expect(message.stop).toMatchObject({
        reason: "error",
        error: { code: "interrupted", retryable: true },
      });
    }
  });

  test("L4 stream_cut_after_text: what was said before the cut is kept", async () => {
    const { message } = await readPieces(one, [streamOf(one, one.cutAt)]);
    expect(message.content).toContainEqual({ type: "text", text: "Grüße 👋" });
  });

  test("L4: half an event at the end is a cut, not nonsense", async () => {
    const { message } = await readPieces(one, [
      streamOf(one, 3) + streamOf(one).slice(streamOf(one, 3).length).slice(0, 30),
    ]);
    expect(message.stop).toMatchObject({ reason: "error", error: { code: "interrupted" } });
  });

  test("L7: nonsense in an event is a typed error", async () => {
    const broken = one.contentType === "text/event-stream" ? "data: {oops\n\n" : "{oops\n";
    const { message, deltas } = await readPieces(one, [streamOf(one, 6) + broken + streamOf(one)]);
    expect(message.stop).toMatchObject({
      reason: "error",
      error: { code: "bad-response", retryable: false },
    });
    expect(assembled(deltas)).toHaveLength(message.content.length);
  });

  test("unknown events and fields are passed over", async () => {
    const future = JSON.stringify({ type: "something.new", index: 99, data: [1] });
    const extra = one.contentType === "text/event-stream" ? `data: ${future}\n\n` : `${future}\n`;
    expectWhole(one, await readPieces(one, [extra + whole]));
  });

  test("W5 error_sse_event: an error inside the stream is a typed error, with what was said", async () => {
    const error = JSON.stringify({
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
    });
    const event = one.contentType === "text/event-stream" ? `event: error\ndata: ${error}\n\n` : `${error}\n`;
    const { message } = await readPieces(one, [streamOf(one, one.cutAt) + event]);
    expect(message.stop).toMatchObject({ reason: "error", error: { code: "overloaded", retryable: true } });
    expect(message.content).toContainEqual({ type: "text", text: "Grüße 👋" });
  });

  test("L7: no sequence of events makes the reader throw", async () => {
    const event = fc.oneof(fc.constantFrom(...one.events), fc.json());
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (list) => {
        const text = list.map((data) =>
          one.contentType === "text/event-stream" ? `data: ${data}\n\n` : `${data}\n`,
        );
        const { message } = await readPieces(one, [text.join("")]);
        expect(message.role).toBe("assistant");
        expect(JSON.parse(JSON.stringify(message))).toEqual(message);
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(protocolCases.filter((one) => one.contentType === "text/event-stream"))(
  "$name as events",
  (one) => {
    test("L7 W7 stream_no_space: a space after the colon is not needed", async () => {
      expectWhole(one, await readPieces(one, [streamOf(one).replaceAll("data: ", "data:")]));
    });

    test("L7 stream_comment_ping: comments, ids and event names are passed over", async () => {
      const text = one.events
        .map((event) => `: ping\n\nid: 7\nevent: x\ndata: ${event}\nretry: 10\n\n`)
        .join("");
      expectWhole(one, await readPieces(one, [text]));
    });

    test("L7: an event with nothing or a blank in it is a keep-alive", async () => {
      const alive = `data:\n\ndata: \n\nretry: 10\ndata\n\n${streamOf(one).replaceAll("\n\n", "\n\ndata:\n\n")}`;
      expectWhole(one, await readPieces(one, [alive]));
    });

    test("L7 stream_multi_data_line: an event may be spread over several data lines", async () => {
      const text = one.events.map((event) => `data: ${event.replace(/^\{/, "{\ndata: ")}\n\n`).join("");
      expectWhole(one, await readPieces(one, [text]));
    });
  },
);
