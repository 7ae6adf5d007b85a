import { describe, expect, test } from "vitest";
import { printable, printableLine } from "../../src/terminal/printable.ts";

describe("class 14: text of a model cannot look like another text", () => {
  test.each([
    ["turned around", "rm a\u202egpj.exe", "rm agpj.exe"],
    ["isolates", "a\u2066b\u2069c", "abc"],
    ["no width", "g\u200bit\ufeff \u2060push", "git push"],
    ["escape sequences", "a\u001b[2Jb\u0001", "ab"],
    ["line ends", "a\r\nb\rc", "a\nbc"],
  ])("%s", (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test("what languages and emoji need stays", () => {
    for (const text of ["می\u200cخواهم", "👩\u200d💻", "שלום", "tab\there"])
      expect(printable(text)).toBe(text);
  });

  test("one line is one line", () => {
    expect(printableLine("a\n\u202eb\t c", 4)).toBe("a b…");
  });
});
