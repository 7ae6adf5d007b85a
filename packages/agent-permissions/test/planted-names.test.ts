import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shell } from "./support/judge.ts";
import { makeWorkspace, type Workspace } from "./support/workspace.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
  for (const link of ["link-out", "linked.md", "dangling"]) rmSync(path.join(workspace.root, link));
});
afterEach(() => workspace.remove());

const inRoot = (name: string) => path.join(workspace.root, name);
const decided = async (command: string) => (await shell(workspace, command)).type;
const linkOut = (name: string) => symlinkSync(path.join(workspace.outside, "secret.txt"), inRoot(name));

describe("class 11: a file of the workspace that is called like a flag", () => {
  test.each(["wc *", "cat *", "grep -l x *", 'for f in *; do wc -l "$f"; done', "awk '{ print $1 }' *"])(
    "%s: is asked about where there is one",
    async (command) => {
      expect(await decided(command)).toBe("allow");
      writeFileSync(inRoot("--files0-from=.hidden"), "");
      expect(await decided(command)).toBe("ask");
      expect(await decided(command.replace("*", "./*"))).toBe("allow");
    },
  );

  test("also as a folder that a wildcard leads through", async () => {
    mkdirSync(inRoot("--files0-from=.d"));
    writeFileSync(inRoot("--files0-from=.d/x.ts"), "");
    expect(await decided("wc */x.ts")).toBe("ask");
    expect(await decided("wc src/*.ts")).toBe("allow");
  });
});

describe("class 9: a flag behind an operand is a file to some programs", () => {
  test.each([
    ["awk 1 -v a=b", "-v"],
    ["awk 1 a.ts -F :", ":"],
    ["cat a.ts -n", "-n"],
    ["head a.ts -n 5", "5"],
    ["grep x a.ts -A 3", "-A"],
    ["sed -n p a.ts -E", "-E"],
    ["cat a.ts --", "--"],
    ["find src -name '*.ts' -exec grep x {} -n ;", "-n"],
  ])("%s: is asked about where %s leads out", async (command, name) => {
    const line = command.replace(/;$/, "\\;");
    expect(await decided(line)).toBe("allow");
    linkOut(name);
    expect(await decided(line)).toBe("ask");
  });
});

test("class 11: a bracket with a slash in it is none, and the name that is written is opened", async () => {
  mkdirSync(inRoot("["));
  linkOut("[/l]");
  expect(await decided("cat [/l]")).toBe("ask");
});
