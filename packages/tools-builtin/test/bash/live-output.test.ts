import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { liveOutput } from "../../src/bash/live-output.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function watched() {
  const shown: string[] = [];
  return { shown, live: liveOutput((text) => shown.push(text)) };
}

test("output is shown a few times a second, each piece once, and also when nothing follows it", () => {
  const { shown, live } = watched();
  live.write(bytes("one "));
  live.write(bytes("two "));
  expect(shown).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual(["one two "]);
  live.write(bytes("three "));
  live.write(bytes("four"));
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual(["one two ", "three four"]);
});

test("what comes right before the end is the result's to show", () => {
  const { shown, live } = watched();
  live.write(bytes("quick"));
  live.end();
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("of a flood only the latest is shown", () => {
  const { shown, live } = watched();
  live.write(bytes("first"));
  vi.advanceTimersByTime(1_000);
  for (let round = 0; round < 1_000; round += 1) live.write(bytes(`${"x".repeat(1_000)}${round}`));
  live.write(bytes("end"));
  vi.advanceTimersByTime(1_000);
  expect(shown).toHaveLength(2);
  expect(shown[1]?.length).toBe(4_000);
  expect(shown[1]?.endsWith("999end")).toBe(true);
});

test("a piece larger than all that is shown leaves its end", () => {
  const { shown, live } = watched();
  live.write(bytes("before"));
  live.write(bytes(`${"x".repeat(100_000)}end`));
  vi.advanceTimersByTime(1_000);
  expect(shown.map((text) => [text.length, text.slice(-4)])).toEqual([[4_000, "xend"]]);
});

test("P8: a character that is split between pieces is shown whole", () => {
  const { shown, live } = watched();
  for (const byte of bytes("🦀!")) {
    live.write(Uint8Array.of(byte));
    vi.advanceTimersByTime(1_000);
  }
  expect(shown.join("")).toBe("🦀!");
});
