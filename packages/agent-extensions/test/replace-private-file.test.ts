import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "@claw/testkit";
import { expect, test } from "vitest";
import { replacePrivateFile } from "../src/replace-private-file.ts";

test("a file that cannot be replaced is a typed fault, and leaves no draft", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "taken");
  await mkdir(join(file, "by a folder"), { recursive: true });
  await expect(replacePrivateFile(file, "x")).rejects.toMatchObject({
    fault: { code: "file-unwritable", message: expect.stringContaining(`${file} cannot be written`) },
  });
  expect(await readdir(folder.path)).toEqual(["taken"]);
});
