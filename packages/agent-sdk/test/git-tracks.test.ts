import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localMachine } from "@claw/tools-builtin";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitTracks } from "../src/git/git-tracks.ts";
import { decide, policyPorts, readPolicyCase } from "../src/index.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-git-"));
  execFileSync("git", ["init", "--quiet", folder]);
  await mkdir(join(folder, "sub"));
  for (const name of ["sub/.env", ".env", "a.ts"]) await writeFile(join(folder, name), name);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=n", "-c", "user.email=n@n", ...args]);
const tracks = (name: string) => gitTracks(localMachine(), join(folder, name), new AbortController().signal);

test("a file is tracked by its whole path, and not before it is added", async () => {
  expect(await tracks("a.ts")).toBe(false);
  git("add", "a.ts", "sub/.env");
  expect(await tracks("a.ts")).toBe(true);
  expect(await tracks("sub/.env")).toBe(true);
  expect(await tracks(".env")).toBe(false);
  git("add", "--intent-to-add", ".env");
  expect(await tracks(".env")).toBe(true);
  expect(await gitTracks(localMachine(), "/x", new AbortController().signal)).toBe(false);
});

test("a worktree has an index of its own", async () => {
  git("add", "sub/.env");
  git("commit", "--quiet", "-m", "x");
  git("worktree", "add", "--quiet", join(folder, "tree"));
  expect(await tracks("tree/sub/.env")).toBe(true);
  expect(await tracks("tree/.env")).toBe(false);
});

test("where names do not stand whole, every file may be", async () => {
  git("add", "a.ts");
  git("update-index", "--index-version", "4");
  expect(await tracks(".env")).toBe(true);
});

test("git grep is denied what a rule keeps closed where git has it, and is not asked about elsewhere", async () => {
  const decided = async (command: string) => {
    const given = readPolicyCase({
      cwd: folder,
      home: "/home/me",
      workspace: "trusted",
      mode: "auto",
      rules: { deny: ["Read(.env)"] },
      tool: "Bash",
      input: { command },
    });
    if ("message" in given) throw new Error(given.message);
    return (await decide(given, policyPorts(), new AbortController().signal)).decision;
  };
  git("add", "a.ts");
  expect(await decided("git grep x")).toBe("allow");
  expect(await decided("grep -r x .")).toBe("deny");
  git("add", "sub/.env");
  expect(await decided("git grep x")).toBe("deny");
});
