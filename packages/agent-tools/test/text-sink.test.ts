import { readFile } from "node:fs/promises";
import { type SpillStore, toolCallId } from "@claw/agent-core";
import { boundText, createTextSink } from "@claw/agent-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memorySpill } from "./support.ts";

const call = toolCallId("call-1");
const encoder = new TextEncoder();

test("output within the cap is returned as it is, and no file is made", async () => {
  const spill = memorySpill();
  const sink = createTextSink({ capBytes: 1_000, call, spill: spill.store });
  await sink.write("one\ntwo");
  await sink.write(encoder.encode(" €\n"));
  expect(await sink.end()).toEqual({ text: "one\ntwo €\n", bytes: 12, lines: 2, cut: false, binary: false });
  expect(spill.files.size).toBe(0);
});

test("P8: text survives any cutting into chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 7 })),
      async (value, sizes) => {
        const bytes = encoder.encode(value);
        const sink = createTextSink({ capBytes: 10_000, call });
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          await sink.write(bytes.slice(at, at + size));
          at += size;
        }
        const ended = await sink.end();
        if (!ended.binary) expect(ended.text).toBe(value.replaceAll("\0", "␀"));
      },
    ),
  );
});

test("P8: a cut at any offset leaves no half character, and the text keeps to its cap", async () => {
  const value = "aé€😀".repeat(200);
  for (let capBytes = 300; capBytes < 330; capBytes++) {
    const { text, cut } = await boundText(value, { capBytes, call });
    const [first = "", last = ""] = text.split(/\n\[.*\]\n/);
    expect(cut).toBe(true);
    expect(text.includes("\u{fffd}")).toBe(false);
    expect(text).not.toMatch(/\p{Surrogate}/u);
    expect(value.startsWith(first) && first.length > 0).toBe(true);
    expect(value.endsWith(last) && last.length > 0).toBe(true);
    expect(encoder.encode(first + last).length).toBeLessThanOrEqual(capBytes);
  }
});

test("P7, P8: head and tail are what was written there, within the cap, for any output", async () => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constantFrom("line\n", "x".repeat(500), "\u{1f600}".repeat(50), "\ud800"),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(chunk, { maxLength: 30 }),
      fc.integer({ min: 256, max: 2_000 }),
      async (chunks, capBytes) => {
        const spill = memorySpill();
        const sink = createTextSink({ capBytes, call, spill: spill.store });
        const all: Uint8Array[] = [];
        for (const piece of chunks) {
          all.push(typeof piece === "string" ? encoder.encode(piece) : piece);
          await sink.write(piece);
        }
        const whole = Buffer.concat(all);
        const ended = await sink.end();
        expect(ended.bytes).toBe(whole.length);
        expect(ended.text).not.toMatch(/\p{Surrogate}/u);
        expect(ended.text.includes("\0")).toBe(false);
        expect(encoder.encode(ended.text).length).toBeLessThanOrEqual(capBytes + 800);
        expect(ended.lines).toBe(
          whole.toString("latin1").split("\n").length - (whole.length === 0 || whole.at(-1) === 10 ? 1 : 0),
        );
        if (ended.cut) expect(Buffer.concat([...spill.files.values()].flat()).equals(whole)).toBe(true);
        else
          expect(ended.text).toBe(
            new TextDecoder("utf-8", { ignoreBOM: true }).decode(whole).replaceAll("\0", "␀"),
          );
      },
    ),
  );
});

test.each([
  ["one endless line", encoder.encode("y".repeat(65_536)), false],
  ["short lines", encoder.encode("y\n".repeat(32_768)), false],
  ["NULs", new Uint8Array(65_536), true],
])("P7: memory does not grow with output: 2 GB of %s", { timeout: 120_000 }, async (_, chunk, binary) => {
  let peak = 0;
  const store: SpillStore = {
    open: async () => ({
      write: async () => {},
      close: async () => ({ path: "/spill/x", kept: 0, dropped: 1 }),
    }),
  };
  const sink = createTextSink({ capBytes: 100_000, call, spill: store });
  const before = process.memoryUsage();
  for (let written = 0; written < 2 ** 31; written += chunk.length) {
    await sink.write(chunk);
    if (written % 2 ** 26 === 0) peak = Math.max(peak, process.memoryUsage().arrayBuffers);
  }
  const ended = await sink.end();
  expect(ended.bytes).toBe(2 ** 31);
  expect(ended.binary).toBe(binary);
  expect(ended.text.length).toBeLessThan(101_000);
  expect(peak - before.arrayBuffers).toBeLessThan(30e6);
});

test("P8: binary output is marked, a taste is shown, and all of it is kept", async () => {
  const spill = memorySpill();
  const bytes = new Uint8Array(5_000).map((_, index) => (index * 7919) % 256);
  const sink = createTextSink({ capBytes: 100_000, call, spill: spill.store, label: "stdout" });
  for (const byte of bytes) await sink.write(Uint8Array.of(byte));
  const ended = await sink.end();
  expect(ended).toMatchObject({
    binary: true,
    cut: true,
    spilled: { path: "/spill/call-1-stdout.txt", kept: 5_000 },
  });
  expect(ended.text).toContain("Binary output or not UTF-8, 5000 bytes");
  expect(ended.text.length).toBeLessThan(600);
  expect(JSON.parse(JSON.stringify(ended.text))).toBe(ended.text);
  expect(Buffer.concat([...spill.files.values()].flat()).equals(bytes)).toBe(true);
});

test("P8: a program is binary", async () => {
  const sink = createTextSink({ capBytes: 1_000_000, call });
  await sink.write(await readFile(process.execPath).then((bytes) => bytes.subarray(0, 200_000)));
  expect(await sink.end()).toMatchObject({ binary: true });
});

test("a few NULs or bytes of another encoding do not make text binary", async () => {
  const paths = "src/index.ts\0src/tool.ts\0README.md\0".repeat(3);
  expect(await boundText(paths, { capBytes: 1_000, call })).toMatchObject({ binary: false });
  const sink = createTextSink({ capBytes: 1_000, call });
  await sink.write(Buffer.from("Grüße aus Köln, es ist schön hier.", "latin1"));
  expect(await sink.end()).toMatchObject({ binary: false, cut: false });
});

const badStores: readonly (readonly [string, SpillStore])[] = [
  ["open rejects", { open: () => Promise.reject(new Error("no")) }],
  [
    "write rejects",
    {
      open: async () => ({
        write: () => Promise.reject(new Error("no")),
        close: async () => ({ path: "/x", kept: 0, dropped: 0 }),
      }),
    },
  ],
  [
    "close rejects",
    { open: async () => ({ write: async () => {}, close: () => Promise.reject(new Error("no")) }) },
  ],
  [
    "open throws",
    {
      open: () => {
        throw new Error("no");
      },
    },
  ],
];
test.each(badStores)(
  "S6: a store that fails costs the rest of the output and nothing else: %s",
  async (_, spill) => {
    const ended = await boundText("z".repeat(10_000), { capBytes: 1_000, call, spill });
    expect(ended.text).toContain("The rest was not kept.");
    expect(ended).toMatchObject({ bytes: 10_000, cut: true });
  },
);

test("what is written after the end is dropped, and the end is one", async () => {
  const sink = createTextSink({ capBytes: 1_000, call });
  await sink.write("in time");
  const first = sink.end();
  await sink.write("late");
  expect(await first).toMatchObject({ text: "in time", bytes: 7 });
  expect(await sink.end()).toBe(await first);
});
