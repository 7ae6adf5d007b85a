import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { toolCallId } from "@claw/agent-core";
import { fileSpillStore } from "@claw/agent-journal";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
let count = 0;
const fresh = (): string => folder.path(`spill-${++count}`);
const call = toolCallId("call-1");

test("an output is one file that only its owner can read", async () => {
  const root = fresh();
  const spill = await fileSpillStore({ root }).open(call, "stdout");
  await spill.write(Buffer.from("one "));
  await spill.write(Buffer.from("two"));
  const spilled = await spill.close();
  expect(spilled).toEqual({ path: `${root}/call-1-stdout.txt`, kept: 7, dropped: 0 });
  expect(await readFile(spilled.path ?? "", "utf8")).toBe("one two");
  expect((await stat(spilled.path ?? "")).mode & 0o777).toBe(0o600);
  expect((await stat(root)).mode & 0o777).toBe(0o700);
  expect(await spill.close()).toEqual(spilled);
});

test("P7: beyond the cap bytes are counted and dropped, and the file has no holes", async () => {
  const root = fresh();
  const spill = await fileSpillStore({ root, maxBytesPerFile: 10 }).open(call, "x");
  await spill.write(Buffer.from("12345678"));
  await spill.write(Buffer.from("9abcdef"));
  await spill.write(Buffer.from("g"));
  const spilled = await spill.close();
  expect(spilled).toMatchObject({ kept: 10, dropped: 6 });
  expect(await readFile(spilled.path ?? "", "utf8")).toBe("123456789a");
});

test("names are safe, never reused, and links are not followed", async () => {
  const root = fresh();
  const target = folder.path("target");
  await writeFile(target, "precious");
  await mkdir(root);
  await symlink(target, `${root}/call-1-____etc_x.txt`);
  const store = fileSpillStore({ root });
  for (const number of [2, 3]) {
    const spill = await store.open(call, "/../etc/x".slice(1));
    await spill.write(Buffer.from("out"));
    expect(await spill.close()).toEqual({
      path: `${root}/call-1-___etc_x${number === 2 ? "" : "-2"}.txt`,
      kept: 3,
      dropped: 0,
    });
  }
  const spill = await store.open(call, "//../etc/x".slice(1));
  expect((await spill.close()).path).toBe(`${root}/call-1-____etc_x-2.txt`);
  expect(await readFile(target, "utf8")).toBe("precious");
});

test("the oldest files make room for new ones", async () => {
  const root = fresh();
  const store = fileSpillStore({ root, maxBytesPerFile: 10, maxTotalBytes: 30 });
  for (const [index, name] of ["a", "b", "c", "d"].entries()) {
    const spill = await store.open(call, name);
    await spill.write(Buffer.alloc(10, 120));
    const { path = "" } = await spill.close();
    await utimes(path, index + 1, index + 1);
  }
  expect((await readdir(root)).toSorted()).toEqual(["call-1-b.txt", "call-1-c.txt", "call-1-d.txt"]);
});

test("S7: a store that cannot keep anything says so at the end", async () => {
  await writeFile(folder.path("file"), "");
  const spill = await fileSpillStore({ root: folder.path("file", "below") }).open(call, "x");
  await spill.write(Buffer.from("lost"));
  expect(await spill.close()).toEqual({ kept: 0, dropped: 4 });
});
