import { describe, expect, test } from "vitest";
import { createFileLedger } from "../../src/files/file-ledger.ts";

describe("what a session has seen", () => {
  test("nothing, at first", () => {
    expect(createFileLedger().seen("/a")).toBeUndefined();
  });

  test("a name that objects have by birth is a path like any other", () => {
    expect(createFileLedger().seen("__proto__")).toBeUndefined();
    expect(createFileLedger().seen("constructor")).toBeUndefined();
  });

  test("consecutive pages add up to the whole file", () => {
    const ledger = createFileLedger();
    ledger.sawLines("/a", "v1", 1, 10, false);
    expect(ledger.seen("/a")).toMatchObject({ version: "v1", whole: false });
    ledger.sawLines("/a", "v1", 11, 15, true);
    expect(ledger.seen("/a")).toMatchObject({ version: "v1", whole: true });
  });

  test("overlapping pages add up, a page looked at again takes nothing away", () => {
    const ledger = createFileLedger();
    ledger.sawLines("/a", "v1", 1, 10, false);
    ledger.sawLines("/a", "v1", 2, 3, false);
    ledger.sawLines("/a", "v1", 8, 15, true);
    ledger.sawLines("/a", "v1", 1, 1, false);
    expect(ledger.seen("/a")?.whole).toBe(true);
  });

  test("pages with a gap between them are a part", () => {
    const ledger = createFileLedger();
    ledger.sawLines("/a", "v1", 1, 10, false);
    ledger.sawLines("/a", "v1", 12, 15, true);
    expect(ledger.seen("/a")?.whole).toBe(false);
  });

  test("pages of different versions do not add up", () => {
    const ledger = createFileLedger();
    ledger.sawLines("/a", "v1", 1, 10, false);
    ledger.sawLines("/a", "v2", 11, 15, true);
    expect(ledger.seen("/a")).toMatchObject({ version: "v2", whole: false });
  });

  test("an own change keeps what was known", () => {
    const ledger = createFileLedger();
    ledger.sawWhole("/a", "v1");
    ledger.changed("/a", "v2");
    expect(ledger.seen("/a")).toMatchObject({ version: "v2", whole: true });
    ledger.sawLines("/b", "v1", 1, 5, false);
    ledger.changed("/b", "v2");
    ledger.sawLines("/b", "v2", 6, 9, true);
    expect(ledger.seen("/b")).toMatchObject({ version: "v2", whole: false });
  });
});
