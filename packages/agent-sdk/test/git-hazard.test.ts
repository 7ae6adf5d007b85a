import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitHazard } from "../src/git-hazard.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-git-"));
  execFileSync("git", ["init", "--quiet", folder]);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hazard = (place = folder) => gitHazard(localMachine(), place, new AbortController().signal);
const config = (key: string, value: string) => execFileSync("git", ["-C", folder, "config", key, value]);

test("class 18: a plain repository, and no repository, have none", async () => {
  config("user.name", "nobody");
  config("remote.origin.url", "https://example.com/x");
  expect(await hazard()).toBeUndefined();
  expect(await hazard("/")).toBeUndefined();
});

test.each([
  ["diff.external", "/tmp/x"],
  ["diff.pdf.textconv", "/tmp/x"],
  ["filter.lfs.process", "/tmp/x"],
  ["core.sshCommand", "/tmp/x"],
  ["core.hooksPath", "/tmp/x"],
  ["gpg.program", "/tmp/x"],
  ["alias.status", "!/tmp/x"],
  ["include.path", "/tmp/x"],
])("class 18: %s is one, seen from a folder below too", async (key, value) => {
  config(key, value);
  await mkdir(join(folder, "below"));
  expect(await hazard(join(folder, "below"))).toBe(key.toLowerCase());
});

test("class 18: a worktree is governed by its main repository", async () => {
  execFileSync("git", [
    "-C",
    folder,
    "-c",
    "user.name=n",
    "-c",
    "user.email=n@n",
    "commit",
    "--quiet",
    "--allow-empty",
    "-m",
    "x",
  ]);
  execFileSync("git", ["-C", folder, "worktree", "add", "--quiet", join(folder, "tree")]);
  config("diff.external", "/tmp/x");
  expect(await hazard(join(folder, "tree"))).toBe("diff.external");
});

test("class 18: a submodule's own settings count: git status enters it", async () => {
  const module = join(folder, ".git", "modules", "libs", "one");
  execFileSync("git", ["init", "--quiet", "--bare", module]);
  expect(await hazard()).toBeUndefined();
  execFileSync("git", ["-C", module, "config", "filter.x.clean", "/tmp/x"]);
  expect(await hazard()).toBe("filter.x.clean");
});

test("class 18: so do those of a bare repository among the files", async () => {
  const planted = join(folder, "docs");
  execFileSync("git", ["init", "--quiet", "--bare", planted]);
  expect(await hazard(planted)).toBeUndefined();
  execFileSync("git", ["-C", planted, "config", "filter.x.clean", "/tmp/x"]);
  expect(await hazard(planted)).toBe("filter.x.clean");
  await mkdir(join(planted, "below"));
  expect(await hazard(join(planted, "below"))).toBe("filter.x.clean");
  expect(await hazard()).toBeUndefined();
});

test("what cannot be read is said, not passed over", async () => {
  await rm(join(folder, ".git", "config"));
  await mkdir(join(folder, ".git", "config"));
  await expect(hazard()).rejects.toThrow("no ordinary file");
});
