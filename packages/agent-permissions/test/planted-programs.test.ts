import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shell } from "./support/judge.ts";
import { diskFacts, makeWorkspace, type Workspace } from "./support/workspace.ts";

let workspace: Workspace;
let bin = "";
beforeEach(() => {
  workspace = makeWorkspace();
  bin = path.join(workspace.root, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
});
afterEach(() => workspace.remove());

const paths = {
  ...diskFacts,
  stat: async (target: string) =>
    stat(target).then(
      () => ({ type: "file" as const }),
      () => undefined,
    ),
};

const decided = async (command: string, folders = ["/usr/bin", bin], rules: readonly string[] = []) =>
  (await shell(workspace, command, { paths, rules, programFolders: () => folders })).type;

test.each([
  ["cat a.ts", "cat"],
  ["timeout 5 cat a.ts", "timeout"],
  ["timeout 5 cat a.ts", "cat"],
  ["find src -name x -exec wc -l {} +", "wc"],
  ["find src -type f -print0 | xargs -0 wc -l", "wc"],
  ["ls && echo $(head a.ts)", "head"],
  ["tsc --version", "tsc"],
  ["npm ls", "node"],
  ["ls", "bash"],
])("class 13: %s is asked about where the workspace has a %s on PATH", async (command, name) => {
  expect(await decided(command)).toBe("allow");
  writeFileSync(path.join(bin, "another"), "");
  expect(await decided(command)).toBe("allow");
  writeFileSync(path.join(bin, name), "");
  expect(await decided(command)).toBe("ask");
  expect(await decided(command, ["/usr/bin"])).toBe("allow");
});

test("class 13: a folder on PATH that leads into the workspace is one of it", async () => {
  const link = path.join(workspace.home, "bin");
  symlinkSync(bin, link);
  writeFileSync(path.join(bin, "cat"), "");
  expect(await decided("cat a.ts", [link])).toBe("ask");
});

test("class 13: what a rule allows is allowed, and folders of the system are nobody's work", async () => {
  writeFileSync(path.join(bin, "cat"), "");
  expect(await decided("cat a.ts", [bin], ["allow Bash(cat *)"])).toBe("allow");
  const options = { paths, directories: () => ["/"], programFolders: () => ["/bin", "/usr/bin"] };
  expect(await shell(workspace, "ls", options)).toMatchObject({ type: "allow" });
});
