import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { callClock } from "../src/server/call-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the clock of a call that is over stays still when the person has been asked", () => {
  const clock = callClock(60_000, new AbortController().signal);
  const goOn = clock.hold();
  clock[Symbol.dispose]();
  goOn();
  clock.touch();
  expect(vi.getTimerCount()).toBe(0);
});
