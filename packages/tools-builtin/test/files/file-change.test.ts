import { describe, expect, test } from "vitest";
import { fileChange } from "../../src/files/file-change.ts";

describe("what a change is shown as", () => {
  test("a unified diff with its counts", async () => {
    const change = await fileChange("/work/a.txt", "one\ntwo\nthree\n", "one\n2\nthree\nfour\n");
    expect(change).toMatchObject({ path: "/work/a.txt", created: false, added: 2, removed: 1 });
    expect(change.diff).toContain(
      "--- /work/a.txt\n+++ /work/a.txt\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n three\n+four",
    );
  });

  test("a new file is compared with nothing", async () => {
    const change = await fileChange("/work/a.txt", undefined, "one\n");
    expect(change).toMatchObject({ created: true, added: 1, removed: 0 });
    expect(change.diff).toContain("--- /dev/null");
  });

  test("texts that are too different are counted", async () => {
    const lines = (word: string): string =>
      Array.from({ length: 3_000 }, (_, index) => `${word} ${index}\n`).join("");
    const change = await fileChange("/a", lines("old"), lines("new"));
    expect(change).toMatchObject({ added: 3_000, removed: 3_000, diff: "3000 lines replaced by 3000 lines" });
  });

  test("texts that are too large are counted", async () => {
    const large = "x\n".repeat(1_500_000);
    expect((await fileChange("/a", large, `${large}y`)).diff).toBe("1500000 lines replaced by 1500001 lines");
  });

  test("a diff that is too long to keep is counted", async () => {
    const change = await fileChange("/a", "", `${"x".repeat(150_000)}\n`);
    expect(change).toMatchObject({ added: 1, removed: 0, diff: "0 lines replaced by 1 lines" });
  });
});
