import { describe, expect, test } from "vitest";
import { type DecidedLine, decideLine, type PolicyPorts } from "../src/index.ts";

/** Lexical cases must not reach them. */
const noPorts: PolicyPorts = {
  paths: { realpath: async () => Promise.reject(new Error("the disk was looked at")) },
  gitHazard: async () => Promise.reject(new Error("the disk was looked at")),
};

const bare = { cwd: "/w", home: "/home/u", workspace: "trusted", mode: "default", lexical: true };

function line(given: object, ports = noPorts): Promise<DecidedLine> {
  return decideLine(JSON.stringify({ ...bare, ...given }), ports, new AbortController().signal);
}

async function decided(tool: string, input: object, given: object = {}): Promise<string> {
  const answer = await line({ tool, input, ...given });
  return "error" in answer ? answer.error.message : answer.decision;
}

const shell = (command: string, given?: object): Promise<string> => decided("Bash", { command }, given);

describe("one line in, one line out", () => {
  test("an answer has the id, the decision, its reason and rule, and each part", async () => {
    const answer = await line({
      id: "a1",
      tool: "Bash",
      input: { command: "ls && git push origin main" },
      rules: { ask: ["Bash(git push *)"] },
    });
    expect(answer).toEqual({
      id: "a1",
      decision: "ask",
      reason:
        "`git push origin main` is asked about because of the ask rule `Bash(git push *)` (user settings).",
      rule: "Bash(git push *)",
      parts: [
        { subject: "ls", decision: "allow", reason: expect.any(String) },
        {
          subject: "git push origin main",
          decision: "ask",
          reason: expect.any(String),
          rule: "Bash(git push *)",
        },
      ],
      warnings: [],
    });
  });

  test.each([
    ["{", "not JSON"],
    ["[]", "JSON object"],
    ['{"id":7}', "no `input`"],
    [JSON.stringify({ ...bare, cwd: "w", tool: "Bash", input: {} }), "`cwd` must be an absolute path"],
    [JSON.stringify({ ...bare, input: {} }), "`tool` must be the name"],
    [JSON.stringify({ ...bare, mode: "yolo", tool: "Bash", input: {} }), "one of default, acceptEdits"],
    [JSON.stringify({ ...bare, workspace: "mine", tool: "Bash", input: {} }), "untrusted, trusted"],
    [JSON.stringify({ ...bare, rules: { alow: [] }, tool: "Bash", input: {} }), "`allow`, `ask` and `deny`"],
    [JSON.stringify({ ...bare, rules: { deny: "Bash" }, tool: "Bash", input: {} }), "list of texts"],
    [JSON.stringify({ ...bare, resolve: { "a.org": [1] }, tool: "Bash", input: {} }), "`resolve.a.org`"],
    [JSON.stringify({ ...bare, redirects: "x", tool: "Bash", input: {} }), "`redirects`"],
    [JSON.stringify({ ...bare, lexical: "yes", tool: "Bash", input: {} }), "`lexical` must be true or false"],
  ])("a line that is no case is told so: %s", async (text, said) => {
    const answer = await decideLine(text, noPorts, new AbortController().signal);
    expect(answer).toMatchObject({ error: { code: "case-invalid", message: expect.stringContaining(said) } });
  });

  test("an error keeps the id, and what is absent is the strictest", async () => {
    expect(await line({ id: 9 })).toMatchObject({ id: 9, error: { code: "case-invalid" } });
    const absent = { cwd: "/w", home: "/h", lexical: true, tool: "Read", input: { file_path: "a" } };
    const rules = { allow: ["Bash"] };
    const answer = await decideLine(
      JSON.stringify({ ...absent, tool: "Bash", input: { command: "make" }, rules, rules_source: "project" }),
      noPorts,
      new AbortController().signal,
    );
    expect(answer).toMatchObject({ decision: "ask" });
  });
});

describe("every kind of call", () => {
  test.each([
    ["Read", { file_path: "a.ts" }, "allow"],
    ["Read", { file_path: "/etc/passwd" }, "ask"],
    ["Read", { file_path: "../x" }, "ask"],
    ["Read", { file_path: "~/notes" }, "ask"],
    ["Read", {}, "ask"],
    ["Write", { file_path: "a.ts", content: "" }, "ask"],
    ["Edit", { file_path: "a.ts", old_string: "a", new_string: "b" }, "ask"],
    ["NotebookEdit", { notebook_path: "a.ipynb", new_source: "" }, "ask"],
    ["Glob", { pattern: "**/*.ts" }, "allow"],
    ["Glob", { pattern: "/etc/*" }, "ask"],
    ["Glob", { pattern: "../../*" }, "ask"],
    ["Glob", { pattern: "*/../../etc" }, "ask"],
    ["Glob", { pattern: "*", path: "/etc" }, "ask"],
    ["Grep", { pattern: "x" }, "allow"],
    ["Grep", { pattern: "x", path: "~" }, "ask"],
    ["WebFetch", { url: "https://example.org", prompt: "x" }, "ask"],
    ["WebFetch", { url: "file:///etc/passwd", prompt: "x" }, "ask"],
    ["TodoWrite", { todos: [] }, "allow"],
    ["Agent", { subagent_type: "reviewer", prompt: "x" }, "allow"],
    ["Skill", { skill: "release" }, "ask"],
    ["mcp__github__search", { q: "x" }, "ask"],
    ["SomethingNew", { x: 1 }, "ask"],
    ["Bash", { command: "ls -la" }, "allow"],
    ["Bash", { command: 7 }, "ask"],
    ["Bash", "ls", "ask"],
  ])("%s %j", async (tool, input, decision) => {
    expect(await line({ tool, input })).toMatchObject({ decision });
  });

  test("rules on tools, servers, agents and arguments", async () => {
    expect(await decided("mcp__github__search", {}, { rules: { allow: ["mcp__github__*"] } })).toBe("allow");
    expect(await decided("mcp__github__search", {}, { rules: { deny: ["mcp__*"] } })).toBe("deny");
    expect(await decided("SomethingNew", {}, { rules: { allow: ["SomethingNew"] } })).toBe("allow");
    const agent = { subagent_type: "reviewer" };
    expect(await decided("Agent", agent, { rules: { deny: ["Agent(reviewer)"] } })).toBe("deny");
    expect(await decided("Skill", { skill: "release" }, { rules: { allow: ["Skill(release)"] } })).toBe(
      "allow",
    );
    const rules = { ask: ["SomethingNew(level:9*)"], allow: ["SomethingNew"] };
    expect(await decided("SomethingNew", { level: 91 }, { rules })).toBe("ask");
    expect(await decided("SomethingNew", { level: 1 }, { rules })).toBe("allow");
  });
});

describe("modes", () => {
  const write = { file_path: "a.ts", content: "" };
  test.each([
    ["default", "ask", "ask"],
    ["interactive", "ask", "ask"],
    ["acceptEdits", "allow", "ask"],
    ["plan", "deny", "deny"],
    ["dontAsk", "deny", "deny"],
    ["deny", "deny", "deny"],
    ["bypassPermissions", "allow", "allow"],
    ["auto", "allow", "allow"],
  ])("%s: write %s, run %s, and ls runs", async (mode, writing, running) => {
    expect(await decided("Write", write, { mode })).toBe(writing);
    expect(await shell("make", { mode })).toBe(running);
    expect(await shell("ls", { mode })).toBe("allow");
  });
});

describe("trust (class 20)", () => {
  const rules = { allow: ["Bash(make *)"], ask: ["Bash(ls *)"], deny: ["Read(secret)"] };
  const project = { rules, rules_source: "project" };

  test("what a repository allows counts only when it is trusted; what it denies or asks always does", async () => {
    expect(await shell("make all", { ...project, workspace: "trusted" })).toBe("allow");
    expect(await shell("make all", { ...project, workspace: "untrusted" })).toBe("ask");
    expect(await shell("make all", { rules, workspace: "untrusted" })).toBe("allow");
    expect(await shell("ls -la", { ...project, workspace: "untrusted" })).toBe("ask");
    expect(await decided("Read", { file_path: "secret" }, { ...project, workspace: "untrusted" })).toBe(
      "deny",
    );
    const told = await line({ ...project, workspace: "untrusted", tool: "Bash", input: { command: "ls" } });
    expect(told).toMatchObject({
      warnings: ['The workspace is not trusted: "Bash(make *)" allows nothing.'],
    });
  });

  test("git reads the settings of a repository: in one that is not trusted, and cannot be looked at, it asks", async () => {
    expect(await shell("git status", { workspace: "trusted" })).toBe("allow");
    expect(await shell("git status", { workspace: "untrusted" })).toBe("ask");
  });

  test("without `lexical` the disk is asked", async () => {
    const paths = { realpath: async (path: string) => path.replace("/w/link", "/elsewhere") };
    const ports = { paths, gitHazard: async () => "diff.external" };
    const on = (tool: string, input: object) => line({ lexical: false, tool, input }, ports);
    expect(await on("Read", { file_path: "link/a" })).toMatchObject({ decision: "ask" });
    expect(await on("Read", { file_path: "a" })).toMatchObject({ decision: "allow" });
    expect(await on("Bash", { command: "git diff" })).toMatchObject({
      decision: "ask",
      reason: expect.stringContaining("diff.external"),
    });
  });
});

describe("a rule that cannot be understood fails closed, and is told of (class 25)", () => {
  test("a deny or ask rule that cannot be read makes everything with an effect a question", async () => {
    for (const rules of [{ deny: ["Bash(rm"] }, { ask: ["two words"] }]) {
      for (const mode of ["default", "bypassPermissions"]) {
        const answer = await line({ rules, mode, tool: "Read", input: { file_path: "a" } });
        expect(answer).toMatchObject({
          decision: "ask",
          warnings: [expect.stringContaining("not a permission")],
        });
        expect(await decided("TodoWrite", {}, { rules, mode })).toBe("allow");
      }
    }
    expect(await decided("Read", { file_path: "a" }, { rules: { deny: ["Bash(rm", "Read(a)"] } })).toBe(
      "deny",
    );
  });

  test("one that names a tool and says nothing about it makes each call of that tool a question", async () => {
    const rules = { deny: ["WebFetch(example.org)"], allow: ["WebFetch"] };
    expect(await decided("WebFetch", { url: "https://other.org" }, { rules })).toBe("ask");
    expect(await decided("Read", { file_path: "a" }, { rules })).toBe("allow");
  });

  test("an allow rule that cannot be read allows nothing; `Write(x)` is told of and stops nothing", async () => {
    const answer = await line({
      rules: { allow: ["Bash(make", "*"], deny: ["Write(a)"] },
      tool: "Bash",
      input: { command: "make" },
    });
    expect(answer).toMatchObject({ decision: "ask" });
    expect("error" in answer ? [] : answer.warnings).toHaveLength(3);
    expect(await decided("Read", { file_path: "a" }, { rules: { deny: ["Write(a)"] } })).toBe("allow");
  });
});

test("where a server would send a request on to is judged too", async () => {
  const rules = { allow: ["WebFetch(domain:example.org)"] };
  const url = "https://example.org/a";
  expect(await decided("WebFetch", { url }, { rules })).toBe("allow");
  expect(await decided("WebFetch", { url }, { rules, redirects: ["https://example.org/b"] })).toBe("allow");
  expect(await decided("WebFetch", { url }, { rules, redirects: ["https://evil.org/"] })).toBe("ask");
});

test("directories, `~` and case", async () => {
  const read = (file_path: string, given: object) => decided("Read", { file_path }, given);
  expect(await read("/other/a", { additional_directories: ["/other"] })).toBe("allow");
  expect(await read("/lib/a", { additional_directories: ["../lib"] })).toBe("allow");
  expect(await read("/home/u/notes/a", { additional_directories: ["~/notes"] })).toBe("allow");
  expect(await read("/W/a", { case_insensitive: true })).toBe("allow");
  expect(await read("/W/a", {})).toBe("ask");
});
