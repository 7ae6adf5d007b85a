import fc from "fast-check";
import { expect, test } from "vitest";
import { outputRing } from "../../src/runtime/output-ring.ts";

test("R7: a ring gives the end of what was pushed, whatever the pieces, and counts what is gone", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 4_096 }),
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      (pieces, capacity, where) => {
        const ring = outputRing(capacity);
        const whole = Buffer.concat(pieces);
        for (const piece of pieces) ring.push(piece);
        expect(ring.total()).toBe(whole.length);
        const since = Math.floor(whole.length * where);
        const oldest = Math.max(since, whole.length - capacity);
        const { bytes, missed } = ring.from(since);
        expect(Buffer.from(bytes).equals(whole.subarray(oldest))).toBe(true);
        expect(missed).toBe(Math.min(oldest, whole.length) - Math.min(since, whole.length));
      },
    ),
  );
});
