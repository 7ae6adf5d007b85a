import { expect, test } from "vitest";
import { resolvePath } from "../../src/files/resolve-path.ts";

const table: readonly (readonly [path: string, cwd: string, home: string | undefined, absolute: string])[] = [
  ["a.txt", "/work", undefined, "/work/a.txt"],
  ["./a/../b.txt", "/work", undefined, "/work/b.txt"],
  ["../b.txt", "/work", undefined, "/b.txt"],
  ["/etc/../b.txt", "/work", undefined, "/b.txt"],
  ["", "/work", undefined, "/work"],
  ["~/a", "/work", undefined, "/work/~/a"],
  ["~/a", "/work", "/home/me", "/home/me/a"],
  ["~/../you/a", "/work", "/home/me", "/home/you/a"],
  ["~", "/work", "/home/me", "/home/me"],
  ["~you/a", "/work", "/home/me", "/work/~you/a"],
  ["a\\b", "/work", undefined, "/work/a\\b"],
  ["b/c.txt", "C:\\work", undefined, "C:\\work\\b\\c.txt"],
];

test.each(table)("%j in %s (home %s) is %s", (path, cwd, home, absolute) => {
  expect(resolvePath(path, cwd, home)).toBe(absolute);
});
