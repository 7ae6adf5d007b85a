import type { SandboxPolicy } from "@claw/agent-core";
import { protectedNames, seatbeltProfile, seatbeltSandbox } from "@claw/agent-sandbox";
import { describe, expect, test } from "vitest";

const policy: SandboxPolicy = {
  workspace: ["/Users/me/work"],
  writable: ["/Users/me/Library/Caches"],
  readOnly: ["/Users/me/work/vendor"],
  unreadable: ["/Users/me/.ssh"],
  network: "off",
  temporary: "/private/tmp/claw-1",
};

/** The rules, one a line, in the order in which the later one counts. */
const rules = (change: Partial<SandboxPolicy> = {}): readonly string[] =>
  seatbeltProfile({ ...policy, ...change })
    .trim()
    .split("\n");

/** The patterns of the guards, as JavaScript reads them. */
const patterns = rules()
  .map((rule) => /\(regex #"(.*)"\)/.exec(rule)?.[1])
  .filter((pattern) => pattern !== undefined)
  .map((pattern) => new RegExp(pattern));
const isGuarded = (path: string): boolean => patterns.some((pattern) => pattern.test(path));

describe("the profile", () => {
  test("refuses what is not allowed, from its first rule on", () => {
    expect(rules().slice(0, 2)).toEqual(["(version 1)", "(deny default)"]);
    expect(rules().filter((rule) => rule.startsWith("(allow network"))).toEqual([]);
  });

  test("allows writing in the workspace, the granted folders and the temporary one, then takes away", () => {
    const all = rules();
    const at = (rule: string): number => all.indexOf(rule);
    for (const path of [...policy.workspace, ...policy.writable, "/private/tmp/claw-1"]) {
      expect(at(`(allow file-write* (subpath "${path}"))`)).toBeGreaterThan(1);
    }
    expect(at('(deny file-write* (subpath "/Users/me/work/vendor"))')).toBeGreaterThan(
      at('(allow file-write* (subpath "/Users/me/work"))'),
    );
    expect(at('(deny file-read* file-write* (subpath "/Users/me/.ssh"))')).toBeGreaterThan(
      at("(allow file-read*)"),
    );
  });

  test("class 18: guards every protected name, nested too, and in any case", () => {
    for (const name of protectedNames) {
      for (const path of [`/Users/me/work/${name}`, `/Users/me/work/a/b/${name.toUpperCase()}/inner`]) {
        expect(isGuarded(path), path).toBe(true);
      }
    }
    for (const path of [
      ".git/hooks/pre-commit",
      "sub/.git/config",
      ".GIT/Hooks",
      ".git/modules/a/b/hooks/x",
    ]) {
      expect(isGuarded(`/Users/me/work/${path}`), path).toBe(true);
    }
  });

  test("leaves what commits need, and names that only look alike", () => {
    for (const path of [
      ".git/index.lock",
      ".git/objects/ab/cd",
      ".git/refs/heads/x",
      "mcp.json",
      "x.mcp.json",
      "hooks/x",
    ]) {
      expect(isGuarded(`/Users/me/work/${path}`), path).toBe(false);
    }
  });

  test("opens the network without the sockets of this computer", () => {
    const all = rules({ network: "on" });
    expect(all.indexOf("(deny network-outbound (remote unix-socket))")).toBeGreaterThan(
      all.indexOf("(allow network*)"),
    );
  });

  test.each([
    ['/tmp/a "quoted" name', '"/tmp/a \\"quoted\\" name"'],
    ["/tmp/back\\slash", '"/tmp/back\\\\slash"'],
    ["/tmp/(allow default)", '"/tmp/(allow default)"'],
    ['/tmp/x")) (allow default) ((', '"/tmp/x\\")) (allow default) (("'],
    ["/tmp/new\nline\0", '"/tmp/new\\x0aline\\x00"'],
    ["/tmp/[a-z]+|.*", '"/tmp/[a-z]+|.*"'],
    ["/tmp/\u00e9\u{1f600}", '"/tmp/\u00e9\u{1f600}"'],
  ])("a path is data, whatever is in it: %j", (path, text) => {
    const all = rules({ workspace: [path], readOnly: [path], unreadable: [path] });
    expect(all).toContain(`(allow file-write* (subpath ${text}))`);
    expect(all).toHaveLength(rules().length);
    for (const rule of all) expect(isBalanced(rule), rule).toBe(true);
    expect(
      all.filter((rule) => rule.includes("(regex")).every((rule) => rule.includes(`(subpath ${text})`)),
    ).toBe(true);
  });
});

/** Parentheses outside of strings match. */
function isBalanced(rule: string): boolean {
  const bare = rule.replace(/#?"(?:\\.|[^"\\])*"/g, "");
  let depth = 0;
  for (const each of bare) {
    if (each === "(") depth += 1;
    if (each === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0 && !bare.includes('"');
}

test("where there is no sandbox-exec, that is said, and nothing runs", async () => {
  const sandbox = seatbeltSandbox({ program: "/no/sandbox-exec" });
  expect(await sandbox.probe()).toMatchObject({ state: "unavailable" });
  await expect(sandbox.wrap(["true"], policy)).rejects.toMatchObject({ fault: { code: "sandbox" } });
});
