import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Effect } from "@claw/agent-core";
import { describe, expect, it } from "vitest";
import { globTool } from "../../src/glob/glob-tool.ts";
import { callTool } from "../search/call-tool.ts";
import { testMachine } from "../search/test-machine.ts";
import { testTree } from "../search/test-tree.ts";

const glob = globTool({ machine: testMachine });

const tree = {
  "README.md": "",
  "src/a.ts": "",
  "src/b.tsx": "",
  "src/deep/c.ts": "",
  "src/deep/er/d.js": "",
  ".env": "",
  ".github/workflows/ci.yml": "",
  ".git/config": "",
  "app/[id]/page.ts": "",
  "app/(group)/page.ts": "",
};

async function paths(pattern: string, files: Readonly<Record<string, string>> = tree, path?: string) {
  const root = await testTree(files);
  const called = await callTool(glob, { pattern, ...(path === undefined ? {} : { path }) }, root);
  return called.text.split("\n").sort();
}

describe("Glob", () => {
  it("1.7: lists the newest first and says how many more there are", async () => {
    const root = await testTree({ "old.ts": "", "middle.ts": "", "new.ts": "" });
    expect((await callTool(glob, { pattern: "*.ts" }, root)).text).toBe("new.ts\nmiddle.ts\nold.ts");
    const two = globTool({ machine: testMachine, limit: 2 });
    expect((await callTool(two, { pattern: "*.ts" }, root)).text).toBe(
      "new.ts\nmiddle.ts\n(1 more, older, not shown: use a narrower pattern or path)",
    );
  });

  it("lists a folder with *: its files, and its folders with a slash", async () => {
    expect(await paths("*")).toEqual(["README.md", "app/", "src/"]);
    expect(await paths("*", tree, "src")).toEqual(["src/a.ts", "src/b.tsx", "src/deep/"]);
    expect(await paths("src/*")).toEqual(["src/a.ts", "src/b.tsx", "src/deep/"]);
    expect(await paths("*/")).toEqual(["app/", "src/"]);
    expect(await paths(".")).toEqual(["README.md", "app/", "src/"]);
  });

  it.each([
    ["**/*.ts", ["app/(group)/page.ts", "app/[id]/page.ts", "src/a.ts", "src/deep/c.ts"]],
    ["src/**/*.{ts,tsx}", ["src/a.ts", "src/b.tsx", "src/deep/c.ts"]],
    ["src/**", ["src/a.ts", "src/b.tsx", "src/deep/c.ts", "src/deep/er/d.js"]],
    ["**/deep/**/*.js", ["src/deep/er/d.js"]],
    ["src/?.ts", ["src/a.ts"]],
    ["src/[!b].*", ["src/a.ts"]],
    ["{README.md,src/a.ts}", ["README.md", "src/a.ts"]],
    ["src/*.{ts}", ["src/a.ts"]],
    ["./src/a.ts", ["src/a.ts"]],
    ["src/../README.md", ["README.md"]],
    ["app/[id]/*", ["app/[id]/page.ts"]],
    ["app/(group)/*.ts", ["app/(group)/page.ts"]],
    [".*", [".env", ".github/"]],
    [".github/**", [".github/workflows/ci.yml"]],
    ["**/.env", [".env"]],
    [
      "**/*.yml",
      [
        'No files in . match "**/*.yml". Ignored and hidden files are left out; name their folder in path or at the start of the pattern to see them.',
      ],
    ],
  ])("finds %s", async (pattern, expected) => {
    expect(await paths(pattern)).toEqual(expected);
  });

  it("never shows .git below the folder that was named", async () => {
    expect(await paths("{.git,.env}")).toEqual([".env"]);
    expect(await paths(".*/**")).toEqual([".github/workflows/ci.yml"]);
  });

  it("obeys nested ignore files, also without a repository, and shows an ignored folder that is named", async () => {
    const files = {
      ".gitignore": "dist\n*.log\n",
      ".ignore": "!keep.log\n",
      "dist/a.js": "",
      "a.log": "",
      "keep.log": "",
      "sub/.gitignore": "!b.log\nc.ts\n",
      "sub/b.log": "",
      "sub/c.ts": "",
      "c.ts": "",
    };
    expect(await paths("**", files)).toEqual(["c.ts", "keep.log", "sub/b.log"]);
    expect(await paths("dist/**", files)).toEqual(["dist/a.js"]);
    expect(await paths("**", files, "dist")).toEqual(["dist/a.js"]);
  });

  it("shows links and does not follow them", async () => {
    const root = await testTree({ "a/b.ts": "" });
    await symlink(root, join(root, "a/loop"));
    expect((await callTool(glob, { pattern: "**" }, root)).text.split("\n").sort()).toEqual([
      "a/b.ts",
      "a/loop",
    ]);
  });

  it("class 15: tells the real folder that it will read, whatever the pattern does", async () => {
    const cases: readonly (readonly [string, string | undefined, string])[] = [
      ["**/*.ts", undefined, "/work"],
      ["src/*.ts", undefined, "/work/src"],
      ["../other/**", undefined, "/other"],
      ["src/../../x/*", undefined, "/x"],
      ["/etc/*", undefined, "/etc"],
      ["/etc/passwd", undefined, "/etc"],
      ["a/b", "sub", "/work/sub/a"],
      ["..", undefined, "/"],
      ["/", undefined, "/"],
      ["{a,/etc}/**", undefined, "/work"],
    ];
    for (const [pattern, path, expected] of cases) {
      const input = { pattern, ...(path === undefined ? {} : { path }) };
      const effects: readonly Effect[] = glob.effects(input as never, { cwd: "/work" }); // the schema is not asked here
      expect([pattern, effects]).toEqual([pattern, [{ type: "read", path: expected }]]);
    }
  });

  it("reads nothing outside of that folder: a pattern that climbs after a wildcard is refused", async () => {
    const root = await testTree({ "in/a": "", "out/b": "" });
    const called = await callTool(glob, { pattern: "*/../../out/*", path: "in" }, root);
    expect(called.outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
    expect((await callTool(glob, { pattern: "{a,../out/b}", path: "in" }, root)).text).toBe("in/a");
  });

  it("shows paths outside of the working directory as absolute", async () => {
    const root = await testTree({ "in/a": "", "out/b": "" });
    expect((await callTool(glob, { pattern: "../out/*" }, join(root, "in"))).text).toBe(join(root, "out/b"));
  });

  it("explains a path that is a file or does not exist", async () => {
    const root = await testTree({ "src/a.ts": "" });
    const file = await callTool(glob, { pattern: "*", path: "src/a.ts" }, root);
    expect(file.text).toContain("is not a folder");
    const missing = await callTool(glob, { pattern: "*", path: "srcc" }, root);
    expect(missing.status).toBe("failed");
    expect(missing.text).toContain("src");
    expect((await callTool(glob, { pattern: "srcc/**/*.ts" }, root)).status).toBe("failed");
  });

  it("refuses patterns that would take for ever to match", async () => {
    const root = await testTree({ [`${"a".repeat(200)}`]: "" });
    for (const pattern of ["*a*a*a*a*a*a*b", "**/a/**/a/**/a/**/a/**/b", "{a", "[a", "x".repeat(2000)]) {
      expect((await callTool(glob, { pattern }, root)).outcome).toMatchObject({ status: "failed" });
    }
  });

  it("stops at its bound of entries and says so", async () => {
    const root = await testTree({ a: "", b: "", c: "", "d/e": "" });
    const small = globTool({ machine: testMachine, walkLimit: 2 });
    expect((await callTool(small, { pattern: "**" }, root)).text).toContain("(stopped after 2 entries");
  });

  it("W1: settles when the call is cancelled", async () => {
    const root = await testTree(tree);
    const stop = new AbortController();
    const pending = callTool(glob, { pattern: "**" }, root, stop.signal);
    stop.abort();
    expect((await pending).status).toBe("cancelled");
  });
});
