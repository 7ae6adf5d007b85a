import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { historyLimit, openHistory } from "../../src/terminal/history.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-history-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("is kept for the owner only, newest first, without repeats in a row", async () => {
  const file = join(folder, "home", "history");
  const history = await openHistory(file);
  for (const entry of ["one", "two\nlines", "two\nlines", " "]) await history.add(entry);
  expect((await openHistory(file)).entries).toEqual(["two\nlines", "one"]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "home"))).mode & 0o777).toBe(0o700);
});

test("is bounded, and damaged lines are skipped", async () => {
  const file = join(folder, "history");
  const lines = Array.from({ length: historyLimit * 2 + 5 }, (_, index) => JSON.stringify(`entry ${index}`));
  await writeFile(file, `${lines.join("\n")}\n{broken\n17\n`);
  const { entries } = await openHistory(file);
  expect(entries).toHaveLength(historyLimit);
  expect(entries[0]).toBe(`entry ${historyLimit * 2 + 4}`);
  expect((await readFile(file, "utf8")).split("\n").length).toBeLessThanOrEqual(historyLimit + 1);
});

test("a file that cannot be written is no reason to stop", async () => {
  const history = await openHistory("/dev/null/history");
  await history.add("kept while it runs");
  expect(history.entries).toEqual(["kept while it runs"]);
});
