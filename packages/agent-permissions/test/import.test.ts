import { describe, expect, test } from "vitest";
import { checkRules, type ImportedRules, importRules, parseCallText, ruleFormatOf } from "../src/index.ts";

const { signal } = new AbortController();

async function imported(file: string, text: string): Promise<ImportedRules> {
  const read = await importRules(file, text);
  if ("code" in read) throw new Error(read.message);
  return read;
}
const written = ({ rules }: ImportedRules): readonly string[] =>
  rules.map(({ behavior, rule }) => `${behavior} ${rule}`);

describe("rules with their own examples", () => {
  const surprises = async (rules: readonly object[]) =>
    checkRules((await imported("r.json", JSON.stringify({ rules }))).rules, signal);

  test("a rule that does what its examples say surprises nobody", async () => {
    expect(
      await surprises([
        {
          deny: "Bash(git push *)",
          match: ["git push", "cd x && git push -f", "sudo git push"],
          not_match: ["git pull"],
        },
        { ask: "Read(.env)", match: [".env", "sub/.env"], not_match: [".env.example"] },
        { allow: "Bash(ls *)", match: ["ls", "ls -la"], not_match: ["lsof", "ls; rm x"] },
        { allow: "Bash(npm run *)", match: ["npm run build"], not_match: ["npm run build && npm publish"] },
        {
          allow: "WebFetch(domain:*.example.org)",
          match: ["https://a.example.org/"],
          not_match: ["https://example.org/"],
        },
        { deny: "mcp__db__*", match: ["mcp__db__query"], not_match: ["mcp__web__query"] },
      ]),
    ).toEqual([]);
  });

  test("each example that comes out otherwise is one surprise, and so is a rule that is none", async () => {
    expect(
      await surprises([
        { deny: "Bash(git push *)", match: ["git pull"], not_match: ["git push"] },
        { allow: "Bash(make", match: ["make"] },
        { allow: "*" },
      ]),
    ).toMatchObject([
      { place: "rules[0]", example: "git pull", message: "It does not deny this, and should." },
      { place: "rules[0]", example: "git push", message: "It does deny this, and should not." },
      { place: "rules[1]", message: expect.stringContaining("is not a permission rule") },
      { place: "rules[2]", message: expect.stringContaining("cannot allow") },
    ]);
  });
});

describe("rules of other agents", () => {
  test("settings of Claude Code are read as they are", async () => {
    const text = '{"permissions":{"allow":["Bash(npm test)"],"deny":["Read(.env)"]},"hooks":{}}';
    expect(written(await imported("settings.json", text))).toEqual([
      "allow Bash(npm test)",
      "deny Read(.env)",
    ]);
  });

  test("prefix rules of Codex, with their examples; what cannot be said is left out and told", async () => {
    const read = await imported(
      "default.rules",
      `# remote
prefix_rule(
    pattern = ["git", ["push", "fetch"]],
    decision = "prompt",
    justification = "it's remote",
    match = ["git push origin", ["git", "fetch", "a b"]],
    not_match = ["git pull"],
)
prefix_rule(pattern=["rm", "*"], decision='forbidden')
host_executable(name="git", paths=["/usr/bin/git"])
prefix_rule(pattern=["ls"])
`,
    );
    expect(written(read)).toEqual(["ask Bash(git push *)", "ask Bash(git fetch *)", "allow Bash(ls *)"]);
    expect(read.rules[1]?.match).toEqual(["git fetch 'a b'"]);
    expect(read.left).toEqual([
      expect.stringContaining('line 9: no rule can say the prefix ["rm","*"]'),
      expect.stringContaining("line 10: `host_executable`"),
    ]);
    expect(await checkRules(read.rules, signal)).toEqual([]);
  });

  test("rules of Gemini: a condition that cannot be said leaves the rule out, so that nothing is widened", async () => {
    const read = await imported(
      "policy.toml",
      `[[rule]]
toolName = "run_shell_command"
commandPrefix = ["git status", "git push"]
decision = "deny"
priority = 10
[[rule]]
toolName = "run_shell_command"
commandRegex = "^git"
decision = "allow"
priority = 100
[[rule]]
toolName = "write_file"
decision = "allow"
modes = ["autoEdit"]
[[rule]]
toolName = "run_shell_command"
commandPrefix = "make"
allowRedirection = true
decision = "allow"
[[rule]]
mcpName = "db"
toolName = "query"
decision = "ask_user"
[[rule]]
toolName = ["read_file", "glob"]
decision = "allow"
`,
    );
    expect(written(read)).toEqual([
      "deny Bash(git status *)",
      "deny Bash(git push *)",
      "ask mcp__db__query",
      "allow Read",
      "allow Glob",
    ]);
    expect(read.left).toEqual([
      "rule 2 (allow): commandRegex cannot be said here.",
      "rule 3 (allow): modes cannot be said here.",
      expect.stringContaining("rule 4 (allow): allowRedirection"),
      expect.stringContaining("higher priority does not win here"),
    ]);
  });

  test.each([
    ["x.rules", "prefix_rule(pattern=[", "the end"],
    ["x.rules", 'prefix_rule(\npattern=["a"], decision="maybe")', "line 1: decision must be"],
    ["x.rules", "x = [1]\n", "line 1"],
    ["x.rules", 'prefix_rule(pattern=["a"], widen=True)', "`widen` is not known"],
    ["x.rules", "prefix_rule(pattern={})", "is not understood"],
    ["x.toml", "[[rule]\n", "cannot be read"],
    ["x.toml", '[[rule]]\ntoolName="glob"', "decision must be"],
    ["x.json", "{", "cannot be read"],
    ["x.json", "{}", "no `permissions`"],
    ["x.json", '{"rules":[{"deny":"Bash","allow":"Read"}]}', "needs one of"],
    ["x.json", '{"rules":[{"deny":"Bash","mach":[]}]}', 'unknown key "mach"'],
  ])("%s %j is told what is wrong with it", async (file, text, said) => {
    expect(await importRules(file, text)).toMatchObject({
      code: "rules-unreadable",
      message: expect.stringContaining(said),
    });
  });

  test("the format is told by the name of the file and its text", () => {
    expect(ruleFormatOf("a.toml", "")).toBe("gemini");
    expect(ruleFormatOf("a.rules", "")).toBe("codex");
    expect(ruleFormatOf("a.txt", "# x\nprefix_rule(")).toBe("codex");
    expect(ruleFormatOf("a.json", '{"rules": []}')).toBe("claw");
    expect(ruleFormatOf("a.json", '{"permissions": {}}')).toBe("settings");
  });
});

test("a call is written as its tool with the main argument, or with all of its input", () => {
  expect(parseCallText("Bash(a (b) && c)")).toEqual({ tool: "Bash", input: { command: "a (b) && c" } });
  expect(parseCallText("Read(x)")).toEqual({ tool: "Read", input: { file_path: "x" } });
  expect(parseCallText('Grep({"pattern":"x","path":"y"})')).toEqual({
    tool: "Grep",
    input: { pattern: "x", path: "y" },
  });
  expect(parseCallText("mcp__a__b")).toEqual({ tool: "mcp__a__b", input: {} });
  expect(parseCallText("two words")).toBeUndefined();
});
