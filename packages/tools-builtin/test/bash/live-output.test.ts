import { expect, test } from "vitest";
import { liveOutput } from "../../src/bash/live-output.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("output is shown at once, then a few times a second, each piece once", () => {
  const shown: string[] = [];
  let now = 0;
  const live = liveOutput(
    (text) => shown.push(text),
    () => now,
  );
  live.write(bytes("one "));
  live.write(bytes("two "));
  live.write(bytes("three "));
  now += 1_000;
  live.write(bytes("four"));
  expect(shown).toEqual(["one ", "two three four"]);
});

test("of a flood only the latest is shown", () => {
  const shown: string[] = [];
  let now = 0;
  const live = liveOutput(
    (text) => shown.push(text),
    () => now,
  );
  live.write(bytes("first"));
  for (let round = 0; round < 1_000; round += 1) live.write(bytes(`${"x".repeat(1_000)}${round}`));
  now += 1_000;
  live.write(bytes("end"));
  expect(shown).toHaveLength(2);
  expect(shown[1]?.length).toBe(4_000);
  expect(shown[1]?.endsWith("999end")).toBe(true);
});

test("P8: a character that is split between pieces is shown whole", () => {
  const shown: string[] = [];
  let now = 0;
  const live = liveOutput(
    (text) => shown.push(text),
    () => now,
  );
  for (const byte of bytes("🦀!")) {
    live.write(Uint8Array.of(byte));
    now += 1_000;
  }
  expect(shown.join("")).toBe("🦀!");
});
