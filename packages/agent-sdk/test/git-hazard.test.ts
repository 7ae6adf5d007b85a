import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitHazard } from "../src/git/git-hazard.ts";

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
  // A link in it, or `core.worktree`, would make git print what lies elsewhere.
  expect(await hazard(planted)).toContain("bare repository");
  execFileSync("git", ["-C", planted, "config", "filter.x.clean", "/tmp/x"]);
  expect(await hazard(planted)).toBe("filter.x.clean");
  await mkdir(join(planted, "below"));
  expect(await hazard(join(planted, "below"))).toBe("filter.x.clean");
  expect(await hazard()).toBeUndefined();
});

test.each([
  ['# a comment does not go on \\\n[diff "x"]\n\ttextconv = /tmp/x\n', "diff.x.textconv"],
  ['[core]\n\tbare = false ; nor this \\\n[diff "x"]\n\ttextconv = /tmp/x\n', "diff.x.textconv"],
  ['[diff "x"]\n\tname = a value does \\\n[core]\n\ttextconv = /tmp/x\n', "diff.x.textconv"],
  ['[diff "x"] textconv\n', "diff.x.textconv"],
  ['[core]\r\n\tbare = false\r\n[DIFF "a \\" b"]textConv="/tmp/x" # why\r\n', 'diff.a " b.textconv'],
  ['[core]\n\tname = "[diff]external = x"\n# [alias] a = b\n', undefined],
])("class 12: settings are read as git reads them: %j", async (text, found) => {
  await writeFile(join(folder, ".git", "config"), text);
  const listed = execFileSync("git", [
    "config",
    "--file",
    join(folder, ".git", "config"),
    "--list",
  ]).toString();
  expect(listed.includes("/tmp/x") || /textconv$/m.test(listed)).toBe(found !== undefined);
  expect(await hazard()).toBe(found);
});

test.each(["[core\n", '[core]\n\tname = "x\n', "[core]\n\tname = \\q\n", "[core]\n\tname * x\n"])(
  "class 25: settings that git refuses are not taken for none: %j",
  async (text) => {
    await writeFile(join(folder, ".git", "config"), text);
    await expect(hazard()).rejects.toThrow("does not read");
  },
);

test("what cannot be read is said, not passed over", async () => {
  await rm(join(folder, ".git", "config"));
  await mkdir(join(folder, ".git", "config"));
  await expect(hazard()).rejects.toThrow("no ordinary file");
});

const commitIn = (place: string) => {
  const as = ["-c", "user.name=n", "-c", "user.email=n@n"];
  execFileSync("git", ["-C", place, ...as, "commit", "--quiet", "--allow-empty", "-m", "x"]);
};

/** A repository among the files of another, as `git add` takes it. */
function embedded(place: string, format = "sha1"): void {
  execFileSync("git", ["init", "--quiet", `--object-format=${format}`, place]);
  commitIn(place);
}

test.each(["2", "3", "4"])(
  "class 18: a repository among the files counts, which git status enters (index version %s)",
  async (version) => {
    const inner = join(folder, "vendor", "lib");
    embedded(inner);
    for (const name of ["a", "vendor/x", "z"]) await writeFile(join(folder, name), name);
    execFileSync("git", ["-C", folder, "add", "."], { stdio: "ignore" });
    if (version === "3") {
      await writeFile(join(folder, "later"), "");
      execFileSync("git", ["-C", folder, "add", "--intent-to-add", "later"]);
    }
    execFileSync("git", ["-C", folder, "update-index", "--index-version", version]);
    expect(await hazard()).toBeUndefined();
    execFileSync("git", ["-C", inner, "config", "filter.x.clean", "/tmp/x"]);
    expect(await hazard()).toBe("filter.x.clean");
    expect(await hazard(inner)).toBe("filter.x.clean");
  },
);

test("class 18: with long object names, too; an index in two files cannot be told", async () => {
  await rm(folder, { recursive: true });
  execFileSync("git", ["init", "--quiet", "--object-format=sha256", folder]);
  embedded(join(folder, "lib"), "sha256");
  await writeFile(join(folder, "a"), "");
  execFileSync("git", ["-C", folder, "add", "."], { stdio: "ignore" });
  expect(await hazard()).toBeUndefined();
  execFileSync("git", ["-C", join(folder, "lib"), "config", "diff.external", "/tmp/x"]);
  expect(await hazard()).toBe("diff.external");
  execFileSync("git", ["-C", join(folder, "lib"), "config", "--unset", "diff.external"]);
  execFileSync("git", ["-C", folder, "update-index", "--split-index"]);
  expect(await hazard()).toContain("index");
});

test("class 18: a .git that is none does not hide the repository around it", async () => {
  config("diff.external", "/tmp/x");
  await mkdir(join(folder, "sub", ".git"), { recursive: true });
  expect(await hazard(join(folder, "sub"))).toBe("diff.external");
});

test("class 18: a .git that is a link, or names its folder, leads to that folder", async () => {
  const away = await mkdtemp(join(tmpdir(), "claw-away-"));
  try {
    execFileSync("git", ["init", "--quiet", "--separate-git-dir", join(away, "one"), join(folder, "one")]);
    execFileSync("git", ["-C", join(folder, "one"), "config", "diff.external", "/tmp/x"]);
    expect(await hazard(join(folder, "one"))).toBe("diff.external");
    await mkdir(join(folder, "two"));
    await symlink(join(away, "one"), join(folder, "two", ".git"));
    expect(await hazard(join(folder, "two"))).toBe("diff.external");
  } finally {
    await rm(away, { recursive: true, force: true });
  }
});

test("class 18: the hook that git status sets off is one; other hooks are not", async () => {
  await writeFile(join(folder, ".git", "hooks", "pre-commit"), "");
  expect(await hazard()).toBeUndefined();
  await writeFile(join(folder, ".git", "hooks", "post-index-change"), "");
  expect(await hazard()).toBe("the hook post-index-change");
});

test("class 15: files in another place than the folder around .git are one", async () => {
  config("core.worktree", folder);
  expect(await hazard()).toBeUndefined();
  config("core.worktree", "/etc");
  expect(await hazard()).toBe("core.worktree");
});

test.each(["remote.origin.uploadpack", "remote.origin.vcs", "protocol.ext.allow"])(
  "class 18: %s is one: a clone without all objects asks the other side when it is read",
  async (key) => {
    config(key, "x");
    expect(await hazard()).toBe(key);
  },
);
