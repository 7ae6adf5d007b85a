import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addToTrustList, readTrustList, rememberRules, removeFromTrustList } from "@claw/agent-extensions";
import { temporaryFolder } from "@claw/testkit";
import { expect, test } from "vitest";

const twenty = Array.from({ length: 20 }, (_, index) => index);

test("of rules that many sessions remember at once none is lost, and no lock is left", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "settings.json");
  await Promise.all(twenty.map((each) => rememberRules(file, [`Bash(echo ${each})`])));
  const { permissions } = JSON.parse(await readFile(file, "utf8"));
  expect(new Set(permissions.allow)).toEqual(new Set(twenty.map((each) => `Bash(echo ${each})`)));
  expect(await readdir(folder.path)).toEqual(["settings.json"]);
});

test("a folder that is distrusted while others are trusted stays out of the list", async () => {
  await using folder = await temporaryFolder();
  const entry = (each: number) => ({
    folder: `/work/${each}`,
    since: "2026-01-01T00:00:00.000Z",
    programs: "",
  });
  await addToTrustList(folder.path, entry(0));
  const adding = twenty.slice(1).map((each) => addToTrustList(folder.path, entry(each)));
  await Promise.all([removeFromTrustList(folder.path, "/work/0"), ...adding]);
  const list = await readTrustList(folder.path);
  const names = "code" in list ? [] : list.map((each) => each.folder);
  expect(new Set(names)).toEqual(new Set(twenty.slice(1).map((each) => `/work/${each}`)));
});

test.each([
  ["long ago", new Date(0)],
  ["by a clock that was set back since", new Date(Date.now() + 86_400_000)],
])("who died over a change %s holds nobody up for good", async (_, then) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "settings.json");
  await writeFile(`${file}.lock`, "");
  await utimes(`${file}.lock`, then, then);
  await Promise.all(twenty.map((each) => rememberRules(file, [`Bash(echo ${each})`])));
  const { permissions } = JSON.parse(await readFile(file, "utf8"));
  expect(permissions.allow).toHaveLength(twenty.length);
  expect(await readdir(folder.path)).toEqual(["settings.json"]);
});

test("a folder that cannot be made, as a file is in its place, is told of by the change", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "taken"), "");
  const rejected = rememberRules(join(folder.path, "taken", "settings.json"), ["Bash(ls)"]);
  await expect(rejected).rejects.toMatchObject({ fault: { code: "file-unwritable" } });
});
