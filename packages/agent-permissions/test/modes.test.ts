import { type Effect, toolCallId } from "@claw/agent-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  createPolicy,
  type EffectiveMode,
  modeOfLevel,
  parsePermissionLevel,
  parsePermissionMode,
  permissionLevels,
  permissionModes,
} from "../src/index.ts";
import { bookOf, type Call, decide, type Setting, shell } from "./support/judge.ts";
import { diskFacts, makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, outside } = workspace;

test("C5: levels and modes are exactly these, and anything else is none", () => {
  expect(permissionLevels.map(parsePermissionLevel)).toEqual(["auto", "interactive", "deny"]);
  expect(permissionModes.map(parsePermissionMode)).toEqual(permissionModes);
  for (const text of ["", "Auto", "auto ", "yes", "toString"]) {
    expect(parsePermissionLevel(text)).toBeUndefined();
    expect(parsePermissionMode(text)).toBeUndefined();
  }
  expect(permissionLevels.map(modeOfLevel)).toEqual(["bypassPermissions", "default", "deny"]);
});

const sh = (command: string): Call => ({ tool: "Bash", effects: [{ type: "shell", command, cwd: root }] });
const one = (tool: string, effect: Effect): Call => ({ tool, effects: [effect] });

const calls: Readonly<Record<string, Call>> = {
  "Read inside": one("Read", { type: "read", path: `${root}/a.ts` }),
  "Glob inside": one("Glob", { type: "read", path: root }),
  "Grep inside": one("Grep", { type: "read", path: `${root}/src` }),
  "Read outside": one("Read", { type: "read", path: `${outside}/secret.txt` }),
  "Write inside": one("Write", { type: "write", path: `${root}/a.ts` }),
  "Edit inside": {
    tool: "Edit",
    effects: ["read", "write"].map((type) => ({ type: type as "read" | "write", path: `${root}/a.ts` })),
  },
  "Write outside": one("Write", { type: "write", path: `${outside}/x` }),
  "Write protected": one("Write", { type: "write", path: `${root}/.git/config` }),
  ls: sh("ls"),
  "git status": sh("git status && ls | head"),
  "npm test": sh("npm test"),
  "echo > file": sh("echo x > src/y"),
  "cat outside > file": sh(`cat ${outside}/secret.txt > src/y`),
  unparsable: sh("ls 'x"),
  exec: one("Runner", { type: "exec", argv: ["make", "all"], cwd: root }),
  "exec reader": one("Runner", { type: "exec", argv: ["git", "status"], cwd: root }),
  fetch: one("WebFetch", { type: "net", url: "https://example.org/x", method: "GET" }),
  post: one("Hook", { type: "net", url: "https://example.org/x", method: "POST" }),
  mcp: one("mcp__srv__write", { type: "mcp", server: "srv", tool: "write", readOnly: false }),
  "mcp reader": one("mcp__srv__read", { type: "mcp", server: "srv", tool: "read", readOnly: true }),
  unknown: one("Custom", { type: "unknown", detail: "who knows" }),
  nothing: { tool: "TodoWrite", effects: [] },
};

const modes: readonly EffectiveMode[] = [
  "default",
  "acceptEdits",
  "plan",
  "dontAsk",
  "bypassPermissions",
  "deny",
];
const table: Readonly<Record<keyof typeof calls, readonly string[]>> = {
  //                     default  edits    plan     dontAsk  bypass   deny
  "Read inside": ["allow", "allow", "allow", "allow", "allow", "allow"],
  "Glob inside": ["allow", "allow", "allow", "allow", "allow", "allow"],
  "Grep inside": ["allow", "allow", "allow", "allow", "allow", "allow"],
  "Read outside": ["ask", "ask", "ask", "deny", "allow", "deny"],
  "Write inside": ["ask", "allow", "deny", "deny", "allow", "deny"],
  "Edit inside": ["ask", "allow", "deny", "deny", "allow", "deny"],
  "Write outside": ["ask", "ask", "deny", "deny", "allow", "deny"],
  "Write protected": ["ask", "ask", "deny", "deny", "ask", "deny"],
  ls: ["allow", "allow", "allow", "allow", "allow", "allow"],
  "git status": ["allow", "allow", "allow", "allow", "allow", "allow"],
  "npm test": ["ask", "ask", "deny", "deny", "allow", "deny"],
  "echo > file": ["ask", "allow", "deny", "deny", "allow", "deny"],
  "cat outside > file": ["ask", "ask", "deny", "deny", "allow", "deny"],
  unparsable: ["ask", "ask", "deny", "deny", "allow", "deny"],
  exec: ["ask", "ask", "deny", "deny", "allow", "deny"],
  "exec reader": ["allow", "allow", "allow", "allow", "allow", "allow"],
  fetch: ["ask", "ask", "ask", "deny", "allow", "deny"],
  post: ["ask", "ask", "deny", "deny", "allow", "deny"],
  mcp: ["ask", "ask", "deny", "deny", "allow", "deny"],
  "mcp reader": ["ask", "ask", "ask", "deny", "allow", "deny"],
  unknown: ["ask", "ask", "deny", "deny", "allow", "deny"],
  nothing: ["allow", "allow", "allow", "allow", "allow", "allow"],
};

describe("R4: allow, ask and deny, by mode", () => {
  test.each(Object.entries(calls))("%s", async (name, call) => {
    const decisions = await Promise.all(modes.map((mode) => decide(workspace, call, { mode })));
    expect(decisions.map(({ type }) => type)).toEqual(table[name]);
    for (const { reason } of decisions) expect(reason).toMatch(/^.{5,}\.$/s);
  });

  test("W12: the mode is read anew at each decision", async () => {
    let mode: EffectiveMode = "plan";
    const rules = bookOf([], root);
    const policy = createPolicy({
      mode: () => mode,
      rules,
      cwd: root,
      directories: () => [root],
      paths: diskFacts,
      home: workspace.home,
    });
    const effects: readonly Effect[] = [{ type: "write", path: `${root}/a.ts` }];
    const request = { call: toolCallId("c"), tool: "Write", input: {}, effects, cwd: root };
    const signal = new AbortController().signal;
    expect(await policy(request, signal)).toMatchObject({ type: "deny" });
    mode = "acceptEdits";
    expect(await policy(request, signal)).toMatchObject({ type: "allow" });
    rules.add("deny", "Edit(a.ts)", { name: "session", root });
    expect(await policy(request, signal)).toMatchObject({ type: "deny", rule: "Edit(a.ts)" });
    rules.remove("deny", "Edit(a.ts)");
    expect(await policy(request, signal)).toMatchObject({ type: "allow" });
  });
});

describe("rank 15: plan mode neither writes nor refuses to look", () => {
  const rules = ["allow Bash(npm *)", "allow Edit(./**)", "allow Write", "allow Bash(echo x > src/y)"];
  test.each([
    "npm test",
    "echo x > src/y",
    "touch x",
    "sed -i s/a/b/ a.ts",
    "git commit -m x",
    "python3 -c 1",
    "find . -delete",
  ])("%j is refused, whatever a rule says", async (command) => {
    const decision = await shell(workspace, command, { mode: "plan", rules });
    expect(decision).toMatchObject({ type: "deny" });
    expect(decision.reason).toContain("plan");
  });

  test.each([
    "ls -la",
    "git status",
    "git diff HEAD~1",
    "cat a.ts | head",
    "cd src && ls",
    "rg foo",
    "ls 2>/dev/null",
  ])("%j runs", async (command) => {
    expect(await shell(workspace, command, { mode: "plan", rules })).toMatchObject({ type: "allow" });
  });

  test("writing a file is refused under an allow rule", async () => {
    const call = one("Write", { type: "write", path: `${root}/a.ts` });
    expect(await decide(workspace, call, { mode: "plan", rules })).toMatchObject({ type: "deny" });
  });

  test("a rule can still allow a fetch", async () => {
    const call = one("WebFetch", { type: "net", url: "https://example.org", method: "GET" });
    const setting = { mode: "plan", rules: ["allow WebFetch(domain:example.org)"] } as const;
    expect(await decide(workspace, call, setting)).toMatchObject({ type: "allow" });
  });
});

describe("W21: one checkpoint with the real target", () => {
  test("an allow rule on files and commands has an effect under the level deny", async () => {
    const setting: Setting = { mode: "deny", rules: ["allow Edit(src/**)", "allow Bash(npm test)"] };
    const write = (path: string) => one("Write", { type: "write", path: `${root}/${path}` });
    expect(await decide(workspace, write("src/x.ts"), setting)).toMatchObject({
      type: "allow",
      rule: "Edit(src/**)",
    });
    expect(await decide(workspace, write("a.ts"), setting)).toMatchObject({ type: "deny" });
    expect(await shell(workspace, "npm test", setting)).toMatchObject({
      type: "allow",
      rule: "Bash(npm test)",
    });
    expect(await shell(workspace, "npm test; npm publish", setting)).toMatchObject({ type: "deny" });
  });
});

describe("rank 10: bypassPermissions keeps deny and ask rules", () => {
  test("both hold, and the reason names the rule and its source", async () => {
    const setting: Setting = {
      mode: "bypassPermissions",
      rules: ["deny Bash(git push *)", "ask Bash(npm publish *)"],
    };
    expect(await shell(workspace, "git push", setting)).toEqual({
      type: "deny",
      rule: "Bash(git push *)",
      reason: "`git push` is denied by the deny rule `Bash(git push *)` (user settings).",
    });
    expect(await shell(workspace, "npm test && npm publish", setting)).toEqual({
      type: "ask",
      rule: "Bash(npm publish *)",
      reason: "`npm publish` is asked about because of the ask rule `Bash(npm publish *)` (user settings).",
    });
  });

  test("dontAsk turns an ask rule into a denial", async () => {
    const setting: Setting = { mode: "dontAsk", rules: ["ask Bash(ls *)", "allow Bash(npm test)"] };
    expect(await shell(workspace, "ls", setting)).toMatchObject({ type: "deny", rule: "Bash(ls *)" });
    expect(await shell(workspace, "npm test", setting)).toMatchObject({ type: "allow" });
  });
});

test("plan asks where an ask rule is about what only reads, and refuses what does more", async () => {
  const rules = ["ask Bash(ls:*)", "ask Bash(touch:*)"];
  const inPlan = async (command: string) => (await shell(workspace, command, { mode: "plan", rules })).type;
  expect(await inPlan("ls src")).toBe("ask");
  expect(await inPlan("ls > x")).toBe("deny");
  expect(await inPlan("touch x")).toBe("deny");
  expect(await inPlan("cat a.ts")).toBe("allow");
});
