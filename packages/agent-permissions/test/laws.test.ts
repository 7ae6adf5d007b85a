import type { Decision, Effect } from "@claw/agent-core";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { EffectiveMode } from "../src/index.ts";
import { decide, type Setting, shell } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root, outside } = workspace;

const severity: Readonly<Record<Decision["type"], number>> = { allow: 0, ask: 1, deny: 2 };

const command = fc.constantFrom(
  "ls",
  "cat a.ts",
  "cat .env",
  "rm x",
  "rm -rf /",
  "git status",
  "git push origin main",
  "npm test",
  "npm test > out.txt",
  "echo x > .git/config",
  "sudo rm x",
  "bash -c 'npm test'",
  "$X y",
  "echo $(npm test)",
  "cd src && ls",
  "ls 'x",
  "f() { ls; }; f",
);
const rule = fc
  .tuple(
    fc.constantFrom("allow", "ask", "deny"),
    fc.constantFrom(
      "Bash",
      "Bash(npm *)",
      "Bash(npm test)",
      "Bash(rm *)",
      "Bash(git push:*)",
      "Bash(ls*)",
      "Bash(cat *)",
      "Read",
      "Read(.env)",
      "Read(./**)",
      "Edit",
      "Edit(src/**)",
      "Edit(*.ts)",
      "Edit(./.git/**)",
      "WebFetch(domain:example.org)",
    ),
  )
  .map((parts) => parts.join(" "));
const rules = fc.array(rule, { maxLength: 5 });
const mode = fc.constantFrom<EffectiveMode>(
  "default",
  "acceptEdits",
  "plan",
  "dontAsk",
  "bypassPermissions",
  "deny",
);
const effect: fc.Arbitrary<Effect> = fc.oneof(
  command.map((text): Effect => ({ type: "shell", command: text, cwd: root })),
  fc
    .tuple(
      fc.constantFrom("read", "write"),
      fc.constantFrom(`${root}/a.ts`, `${root}/.env`, `${outside}/x`, `${root}/link-out/x`),
    )
    .map(([type, path]): Effect => ({ type, path })),
  fc.constant<Effect>({ type: "net", url: "https://example.org", method: "GET" }),
  fc.constant<Effect>({ type: "exec", argv: ["rm", "x"], cwd: root }),
  fc.constant<Effect>({ type: "unknown", detail: "x" }),
);

async function level(effects: readonly Effect[], setting: Setting): Promise<number> {
  return severity[(await decide(workspace, { effects }, setting)).type];
}

describe("laws", () => {
  test("rule_deny_beats_allow: one more deny or ask rule never widens", async () => {
    await fc.assert(
      fc.asyncProperty(effect, rules, rule, mode, async (one, some, more, mode) => {
        fc.pre(!more.startsWith("allow"));
        const before = await level([one], { rules: some, mode });
        const after = await level([one], { rules: [...some, more], mode });
        expect(after).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  test("the order of rules does not matter", async () => {
    await fc.assert(
      fc.asyncProperty(effect, rules, mode, async (one, some, mode) => {
        const forwards = await level([one], { rules: some, mode });
        expect(await level([one], { rules: some.toReversed(), mode })).toBe(forwards);
      }),
      { numRuns: 200 },
    );
  });

  test("one more allow rule never narrows", async () => {
    await fc.assert(
      fc.asyncProperty(effect, rules, rule, mode, async (one, some, more, mode) => {
        fc.pre(more.startsWith("allow"));
        const before = await level([one], { rules: some, mode });
        expect(await level([one], { rules: [...some, more], mode })).toBeLessThanOrEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  test("a call is as strict as its strictest effect", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(effect, { minLength: 1, maxLength: 3 }),
        rules,
        mode,
        async (effects, some, mode) => {
          const setting = { rules: some, mode };
          const alone = await Promise.all(effects.map((one) => level([one], setting)));
          expect(await level(effects, setting)).toBe(Math.max(...alone));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("class 1: joining commands never makes one of them easier", async () => {
    const joiner = fc.constantFrom("; ", " && ", " || ", " | ", " & ", "\n");
    await fc.assert(
      fc.asyncProperty(command, joiner, command, rules, mode, async (one, joined, other, some, mode) => {
        // A `cd` moves what comes after it, and two open quotes close each other.
        fc.pre(!/cd |'x/.test(one + other));
        const setting = { rules: some, mode };
        const alone = await Promise.all([one, other].map((text) => shell(workspace, text, setting)));
        const both = await shell(workspace, one + joined + other, setting);
        expect(severity[both.type]).toBeGreaterThanOrEqual(
          Math.max(...alone.map(({ type }) => severity[type])),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("class 10: quoting does not change what a rule hits", async () => {
    const quoted = (word: string): fc.Arbitrary<string> =>
      fc.constantFrom(
        word,
        `'${word}'`,
        `"${word}"`,
        `$'${word}'`,
        `${word.slice(0, 1)}''${word.slice(1)}`,
        `${word.slice(0, 1)}\\${word.slice(1)}`,
        `\\${word}`,
        `${word.slice(0, 1)}\\\n${word.slice(1)}`,
        `$'\\x${word.charCodeAt(0).toString(16)}'${word.slice(1)}`,
      );
    const line = fc
      .tuple(
        fc.constantFrom("", "sudo ", "env A=1 ", "true; ", "echo $("),
        quoted("git"),
        quoted("push"),
        quoted("origin"),
      )
      .map(([before, ...words]) => `${before}${words.join(" ")}${before.endsWith("(") ? ")" : ""}`);
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        const setting: Setting = { rules: ["deny Bash(git push *)"], mode: "bypassPermissions" };
        expect(await shell(workspace, text, setting)).toMatchObject({ type: "deny" });
      }),
      { numRuns: 200 },
    );
  });

  test("W14: whatever a command line holds, the policy decides, and says why", async () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom(
        "$(",
        "`",
        '"',
        "'",
        "${",
        "}",
        ")",
        "<<E\n",
        ">",
        "|",
        ";",
        "\\",
        "{",
        "((",
        "[[",
        "ls",
        "rm",
        "~",
        "*",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), mode, async (pieces, mode) => {
        const decision = await shell(workspace, pieces.join(" "), { mode, rules: ["deny Bash(rm *)"] });
        expect(decision.reason.length).toBeGreaterThan(5);
        expect(decision.reason).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
      { numRuns: 200 },
    );
  });
});
