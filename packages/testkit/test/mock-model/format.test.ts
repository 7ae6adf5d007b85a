import type { MockFormat, MockReply } from "@claw/testkit";
import { startMockModel } from "@claw/testkit";
import { describe, expect, test } from "vitest";
import type { Vendor } from "./client.ts";
import { open, smallest } from "./client.ts";

const text = "你好, 世界 👋!";
const reply: MockReply = { text, toolCalls: [{ name: "Glob", input: { pattern: "文件*" } }] };

interface Raw {
  readonly text: string;
  readonly chunks: readonly Uint8Array[];
}

async function fetchRaw(vendor: Vendor, format: MockFormat): Promise<Raw> {
  await using mock = await startMockModel({ script: [{ ...reply, format }] });
  const response = await open(mock, vendor, smallest(vendor));
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) chunks.push(chunk);
  mock.assertClean();
  return { text: Buffer.concat(chunks).toString("utf8"), chunks };
}

/** The data of each event, as the HTML standard reads a stream; keep-alives left out. */
function readStream(stream: string): readonly string[] {
  const blocks = stream.replace(/^\uFEFF/, "").split(/\r\n\r\n|\n\n|\r\r/);
  return blocks.flatMap((block) => {
    const data = block
      .split(/\r\n|\n|\r/)
      .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).replace(/^ /, "")] : []))
      .join("\n");
    if (data === "" || data === "[DONE]") return [data].filter(Boolean);
    const compact = JSON.stringify(JSON.parse(data));
    return compact === '{"type":"ping"}' ? [] : [compact];
  });
}

describe.each(["anthropic", "chat", "responses"] as const)("%s", (vendor) => {
  test.each([
    ["stream_crlf", { crlf: true }, /\r\n\r\n/],
    ["stream_no_space", { noSpace: true }, /^data:\{/m],
    ["stream_comment_ping", { comments: true }, /^: keep-alive$/m],
    ["stream_multi_data_line", { multiDataLines: true }, /^data: \{\ndata: {2}"/m],
    ["byte order mark", { bom: true }, /^\uFEFF/],
    ["keep-alives", { pings: true }, /event: ping|: PROCESSING|: keepalive/],
    [
      "everything at once",
      { crlf: true, noSpace: true, comments: true, multiDataLines: true, bom: true, pings: true },
      /\r\n/,
    ],
  ] as const)("%s: the same events in another dress", async (_, format, looks) => {
    const plain = await fetchRaw(vendor, {});
    const dressed = await fetchRaw(vendor, format);
    expect(dressed.text).toMatch(looks);
    expect(readStream(dressed.text)).toEqual(readStream(plain.text));
    expect(readStream(dressed.text).length).toBeGreaterThan(3);
  });
});

test.each(["anthropic", "chat", "responses", "ollama"] as const)(
  "stream_split_utf8: %s can send single bytes, so that characters arrive in pieces",
  async (vendor) => {
    const { chunks, text: whole } = await fetchRaw(vendor, { splitBytes: 1 });
    expect(chunks.some((chunk) => chunk.length === 1)).toBe(true);
    const decodedAlone = chunks.map((chunk) => Buffer.from(chunk).toString("utf8")).join("");
    expect(decodedAlone).toContain("\uFFFD");
    expect(whole).toContain("文件");
    expect(whole).toBe((await fetchRaw(vendor, {})).text);
  },
);

test("deltas never cut a character in two, however small they are", async () => {
  const { text: stream } = await fetchRaw("chat", { chunkSize: 1 });
  expect(stream).toContain('"content":"👋"');
  expect(stream).not.toMatch(/\\ud[89a-f]/i);
});

test("a delay lies between events", async () => {
  const { text: slow } = await fetchRaw("ollama", { delayMs: 1, crlf: true });
  expect(slow.split("\r\n").length).toBeGreaterThan(2);
});
