import type { Decision } from "@claw/agent-core";
import { afterAll, describe, expect, test } from "vitest";
import type { EffectiveMode } from "../src/index.ts";
import { decide, type Setting } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, outside } = workspace;

/** Decides a command that says whether it runs confined, where confined commands are trusted. */
function confined(command: string, setting: Setting = {}, isConfined = true): Promise<Decision> {
  const effects = [{ type: "shell", command, cwd: root, confined: isConfined }] as const;
  return decide(workspace, { effects }, { trustsSandbox: () => true, ...setting });
}

const type = async (decision: Promise<Decision>): Promise<Decision["type"]> => (await decision).type;

describe("a command in a sandbox that is trusted", () => {
  test.each([
    "npm test",
    "node build.js && ./run",
    "echo x > src/y",
    `cat ${outside}/secret.txt`,
    "$(which make) all",
    "curl https://example.org",
    "git -c core.pager=x log",
    "if then",
  ])("needs no question: %s", async (command) => {
    expect(await type(confined(command))).toBe("allow");
    expect(await type(confined(command, {}, false))).toBe("ask");
    expect(await type(confined(command, { trustsSandbox: () => false }))).toBe("ask");
  });

  test("says why it is allowed", async () => {
    expect((await confined("npm test")).reason).toMatch(/^The sandbox holds it\./);
  });

  test.each([
    ["deny Bash(npm *)", "npm test", "deny"],
    ["ask Bash(npm *)", "npm test", "ask"],
    ["deny Bash(rm *)", "make && sudo rm -rf x", "deny"],
    ["deny Bash", "make", "deny"],
    ["ask Bash", "make", "ask"],
    ["deny Read(./secrets/**)", "cat secrets/key.txt", "deny"],
    ["deny Bash(rm *)", "rm 'x", "deny"],
  ])("rules hold in it as outside: %s, %s", async (rule, command, decision) => {
    expect(await type(confined(command, { rules: [rule] }))).toBe(decision);
  });

  test.each([
    "rm -rf .",
    "rm -rf ~",
    "echo x > .git/hooks/pre-commit",
    "tee .mcp.json",
    "cp x .claude/settings.json",
  ])("what is always asked about is: %s", async (command) => {
    expect(await type(confined(command))).toBe("ask");
  });

  test("no sandbox holds what is shown to the model: reading secrets is asked about", async () => {
    for (const command of ["cat .env", "cat a.ts .env", `cat ${outside}/secret.txt .env`]) {
      expect(await type(confined(command)), command).toBe("ask");
    }
  });

  const modes: Readonly<Record<EffectiveMode, Decision["type"]>> = {
    default: "allow",
    acceptEdits: "allow",
    dontAsk: "allow",
    bypassPermissions: "allow",
    plan: "deny",
    deny: "deny",
  };
  test.each(Object.entries(modes))("in the mode %s it comes to %s", async (mode, decision) => {
    // The table's keys are the modes.
    expect(await type(confined("npm test", { mode: mode as EffectiveMode }))).toBe(decision);
    expect(await type(confined("ls", { mode: mode as EffectiveMode }))).toBe("allow");
  });

  test("a program that is run without a shell counts the same", async () => {
    const effects = [{ type: "exec", argv: ["make", "all"], cwd: root, confined: true }] as const;
    expect(await type(decide(workspace, { effects }, { trustsSandbox: () => true }))).toBe("allow");
  });

  test("other effects of the same call are judged as ever", async () => {
    const effects = [
      { type: "shell", command: "make", cwd: root, confined: true },
      { type: "write", path: `${outside}/x` },
    ] as const;
    expect(await type(decide(workspace, { effects }, { trustsSandbox: () => true }))).toBe("ask");
  });
});
