import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { file, type Setting, shell } from "./support/judge.ts";
import { diskFacts, makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, outside, home } = workspace;

const paths: Setting["paths"] = {
  ...diskFacts,
  stat: async (path) => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return undefined;
    const type = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
    return { type, links: found.nlink, identity: `${found.dev}:${found.ino}` };
  },
};
const read = (path: string, setting: Setting = {}) => file(workspace, "read", path, { paths, ...setting });
const write = (path: string, setting: Setting = {}) => file(workspace, "write", path, { paths, ...setting });

mkdirSync(join(home, ".ssh"), { recursive: true });
writeFileSync(join(home, ".ssh/id_rsa"), "key");
writeFileSync(join(root, ".git/config"), "");
writeFileSync(join(outside, "shared.txt"), "shared");
linkSync(join(home, ".ssh/id_rsa"), join(root, "innocent.txt"));
linkSync(join(root, ".git/config"), join(root, "notes.txt"));
linkSync(join(outside, "shared.txt"), join(root, "shared.txt"));
linkSync(join(outside, "secret.txt"), join(root, "renamed.txt"));
execFileSync("mkfifo", [join(root, "pipe")]);

describe("class 16: hard links", () => {
  test("another name of a secret is asked about, and denied by the rule on it", async () => {
    expect(await read("innocent.txt")).toMatchObject({ type: "ask" });
    const rules = ["deny Read(~/.ssh/**)"];
    expect(await read("innocent.txt", { rules, mode: "bypassPermissions" })).toMatchObject({ type: "deny" });
    expect(await shell(workspace, "cat innocent.txt", { paths })).toMatchObject({ type: "ask" });
  });

  test("another name of what decides later is asked about in every mode", async () => {
    for (const mode of ["acceptEdits", "bypassPermissions"] as const) {
      const decision = await write("notes.txt", { mode });
      expect(decision).toMatchObject({ type: "ask" });
      expect(decision.reason).toContain("always asked about");
    }
  });

  test("a file that a rule spells out is denied under its other names too", async () => {
    const setting = { rules: [`deny Read(/${outside}/secret.txt)`], mode: "bypassPermissions" } as const;
    expect(await read("renamed.txt", setting)).toMatchObject({ type: "deny" });
  });

  test("acceptEdits does not change a file with names that nobody knows; reading it is reading the workspace", async () => {
    const decision = await write("shared.txt", { mode: "acceptEdits" });
    expect(decision).toMatchObject({ type: "ask" });
    expect(decision.reason).toContain("hard links");
    expect(await shell(workspace, "echo x > shared.txt", { paths, mode: "acceptEdits" })).toMatchObject({
      type: "ask",
    });
    expect(await read("shared.txt")).toMatchObject({ type: "allow" });
    expect(await write("a.ts", { mode: "acceptEdits" })).toMatchObject({ type: "allow" });
  });
});

test("class 15: a pipe in the workspace is asked about", async () => {
  for (const decision of [await read("pipe"), await write("pipe", { mode: "acceptEdits" })]) {
    expect(decision).toMatchObject({ type: "ask" });
    expect(decision.reason).toContain("a pipe, a device or a socket");
  }
});
