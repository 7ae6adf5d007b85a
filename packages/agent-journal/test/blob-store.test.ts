import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileBlobStore } from "@claw/agent-journal";
import { temporaryFolder } from "@claw/testkit";
import { expect, test } from "vitest";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("rank 18: contents are kept once, for their owner alone, and given back only as they were", async () => {
  await using folder = await temporaryFolder();
  const root = join(folder.path, "kept");
  const store = fileBlobStore({ root });
  const name = (await store.put(bytes("one"))) ?? "";
  expect(await store.put(bytes("one"))).toBe(name);
  expect(await readdir(root)).toEqual([name]);
  expect((await stat(root)).mode & 0o777).toBe(0o700);
  expect((await stat(join(root, name))).mode & 0o777).toBe(0o600);
  expect(await store.get(name)).toEqual(Buffer.from("one"));
  expect(await store.get("../one")).toBeUndefined();
});

test("what is too old goes when the next one comes, and what is used again is new", async () => {
  await using folder = await temporaryFolder();
  const store = fileBlobStore({ root: folder.path, maxAgeMs: 60_000 });
  const [old = "", used = ""] = [await store.put(bytes("old")), await store.put(bytes("used"))];
  const longAgo = new Date(Date.now() - 120_000);
  for (const name of [old, used]) await utimes(join(folder.path, name), longAgo, longAgo);
  await store.put(bytes("used"));
  await store.put(bytes("next"));
  expect(await store.get(old)).toBeUndefined();
  expect(await store.get(used)).toBeDefined();
});

test("everything but what is named is removed, and counted", async () => {
  await using folder = await temporaryFolder();
  const store = fileBlobStore({ root: join(folder.path, "kept") });
  expect(await store.removeExcept(new Set())).toEqual({ files: 0, bytes: 0 });
  const [one = "", two = ""] = [await store.put(bytes("one")), await store.put(bytes("three"))];
  expect(await store.removeExcept(new Set([one]))).toEqual({ files: 1, bytes: 5 });
  expect(await store.get(one)).toBeDefined();
  expect(await store.get(two)).toBeUndefined();
});
