import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createRuleBook, deniedTool, isRuleFault, parseRule, printRule } from "../src/index.ts";
import { bookOf, type Call, decide, shell } from "./support/judge.ts";
import { makeWorkspace } from "./support/workspace.ts";

const workspace = makeWorkspace();
afterAll(workspace.remove);
const { root } = workspace;
const source = { name: "user settings", root };

describe("grammar", () => {
  test.each([
    ["Bash", { type: "tool", tool: "Bash" }],
    ["Bash(*)", { type: "tool", tool: "Bash" }],
    ["Bash()", { type: "tool", tool: "Bash" }],
    [" Bash(ls:*) ", { type: "command", tool: "Bash", pattern: "ls:*" }],
    ["Bash(echo (a) b)", { type: "command", tool: "Bash", pattern: "echo (a) b" }],
    ["Read(//etc/**)", { type: "path", tool: "Read", pattern: "//etc/**" }],
    ["Edit(~/x)", { type: "path", tool: "Edit", pattern: "~/x" }],
    ["Cd(..)", { type: "path", tool: "Cd", pattern: ".." }],
    ["WebFetch(domain:Example.ORG.)", { type: "host", tool: "WebFetch", pattern: "example.org" }],
    ["WebFetch(prompt:*x*)", { type: "argument", tool: "WebFetch", parameter: "prompt", pattern: "*x*" }],
    ["mcp__srv", { type: "tool", tool: "mcp__srv" }],
    ["mcp__srv__*", { type: "tool", tool: "mcp__srv__*" }],
    ["mcp__srv__t(name:x)", { type: "argument", tool: "mcp__srv__t", parameter: "name", pattern: "x" }],
    ["Agent(reviewer)", { type: "name", tool: "Agent", pattern: "reviewer" }],
    ["Skill(release *)", { type: "name", tool: "Skill", pattern: "release *" }],
  ])("%s", (text, rule) => {
    expect(parseRule(text)).toEqual(rule);
  });

  test.each([
    ["", "rule-syntax"],
    ["Bash(ls", "rule-syntax"],
    ["Bash(ls) x", "rule-syntax"],
    ["two words", "rule-syntax"],
    ["Bash,Edit", "rule-syntax"],
    ["Bash(ls\u202e)", "rule-syntax"],
    ["Bash(ls\nrm)", "rule-syntax"],
    ["WebFetch(domain:http://x)", "rule-syntax"],
    ["WebFetch(domain:)", "rule-syntax"],
    ["WebFetch(domain:..)", "rule-syntax"],
    ["Read(!x)", "rule-without-effect"],
    ["Write(src/**)", "rule-without-effect"],
    ["Glob(src/**)", "rule-without-effect"],
    ["Write(file_path:x)", "rule-without-effect"],
    ["TodoWrite(x)", "rule-without-effect"],
  ])("%j is a fault, not a rule", (text, code) => {
    expect(parseRule(text)).toMatchObject({ code });
  });

  test("a path rule for another tool says which one to write", () => {
    expect(parseRule("Write(src/**)")).toMatchObject({ hint: "Write Edit(src/**)." });
  });

  test("what is printed is read back as the same rule, and any text is a rule or a fault", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc
        .tuple(
          fc.constantFrom("Bash", "Read", "Edit", "WebFetch", "Agent", "Skill", "mcp__a__b", "X"),
          fc.string(),
        )
        .map(([tool, spec]) => `${tool}(${spec})`),
      fc.string().map((host) => `WebFetch(domain:${host})`),
    );
    fc.assert(
      fc.property(text, (written) => {
        const rule = parseRule(written);
        if (!isRuleFault(rule)) expect(parseRule(printRule(rule))).toEqual(rule);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("R5: the rule book", () => {
  test("adds once, keeps order, removes by rule and source, and says so", () => {
    const book = createRuleBook();
    const session = { name: "session", root };
    expect(book.add("allow", "Bash(ls *)", source)).toBeUndefined();
    book.add("allow", " Bash(ls *) ", source);
    book.add("allow", "Bash(ls *)", session);
    book.add("deny", "Read(.env)", source);
    expect(book.entries().map(({ behavior, text, source }) => `${behavior} ${text} ${source.name}`)).toEqual([
      "allow Bash(ls *) user settings",
      "allow Bash(ls *) session",
      "deny Read(.env) user settings",
    ]);
    const before = book.entries();
    expect(book.remove("allow", "Bash(pwd)")).toBe(false);
    expect(book.entries()).toBe(before);
    expect(book.remove("allow", "Bash(ls *)", session)).toBe(true);
    expect(book.remove("allow", "Bash(ls *)")).toBe(true);
    expect(book.entries()).toHaveLength(1);
    expect(before).toHaveLength(3);
  });

  test.each(["*", "mcp__*", "mcp__*__read", "B*", "WebSearch(query:x)"])(
    "%s cannot allow, but can deny",
    (text) => {
      const book = createRuleBook();
      expect(book.add("allow", text, source)).toMatchObject({ code: "rule-too-broad" });
      expect(book.entries()).toEqual([]);
      expect(book.add("deny", text, source)).toBeUndefined();
      expect(book.add("ask", text, source)).toBeUndefined();
    },
  );

  test("a broken rule is reported and changes nothing", () => {
    const book = createRuleBook();
    expect(book.add("deny", "Bash(", source)).toMatchObject({ code: "rule-syntax" });
    expect(book.remove("deny", "Bash(")).toBe(false);
    expect(book.entries()).toEqual([]);
  });

  test("a bare denial hides the tool", () => {
    const book = bookOf(["deny WebFetch", "deny mcp__srv", "deny Bash(rm *)", "ask Read"], root);
    const hidden = ["WebFetch", "mcp__srv__x", "Bash", "Read"].filter(
      (tool) => deniedTool(book, tool) !== undefined,
    );
    expect(hidden).toEqual(["WebFetch", "mcp__srv__x"]);
  });
});

describe("R5: rules on tools", () => {
  const mcp: Call = {
    tool: "mcp__srv__get",
    effects: [{ type: "mcp", server: "srv", tool: "get", readOnly: true }],
  };
  const nothing = (tool: string, input = {}): Call => ({ tool, input, effects: [] });

  test.each([
    ["allow mcp__srv", mcp, "allow"],
    ["allow mcp__srv__*", mcp, "allow"],
    ["allow mcp__srv__get", mcp, "allow"],
    ["allow mcp__srv__g*", mcp, "allow"],
    ["allow mcp__sr", mcp, "ask"],
    ["allow mcp__srv2", mcp, "ask"],
    ["deny mcp__*", mcp, "deny"],
    [
      "allow mcp__my_srv__a_b",
      { tool: "mcp__my_srv__a_b", effects: [{ type: "mcp", server: "my srv", tool: "a.b", readOnly: true }] },
      "allow",
    ],
    ["deny *", mcp, "deny"],
    ["deny *", nothing("TodoWrite"), "deny"],
    ["deny TodoWrite", nothing("TodoWrite"), "deny"],
    ["ask Todo*", nothing("TodoWrite"), "ask"],
    ["deny mcp__srv__get", { ...mcp, tool: "disguised" }, "deny"],
    ["allow disguised", { ...mcp, tool: "disguised" }, "ask"],
    ["deny Agent(reviewer)", nothing("Agent", { subagent_type: "reviewer" }), "deny"],
    ["deny Agent(reviewer)", nothing("Task", { subagent_type: "reviewer" }), "deny"],
    ["deny Task", nothing("Agent"), "deny"],
    ["deny Agent", nothing("SendMessage", { to: "agent_1" }), "deny"],
    ["deny Task(reviewer)", nothing("SendMessage", { to: "agent_1", subagent_type: "reviewer" }), "deny"],
    ["ask Agent(reviewer)", nothing("SendMessage", { to: "agent_1", subagent_type: "reviewer" }), "ask"],
    ["deny Agent(reviewer)", nothing("SendMessage", { to: "agent_1", subagent_type: "writer" }), "allow"],
    ["deny BashOutput", nothing("TaskOutput", { task_id: "shell_1" }), "deny"],
    ["deny KillShell", nothing("TaskStop", { task_id: "shell_1" }), "deny"],
    ["deny KillBash", nothing("TaskStop", { task_id: "shell_1" }), "deny"],
    ["deny Agent(reviewer)", nothing("Agent", { subagent_type: "writer" }), "allow"],
    ["deny Skill(release)", nothing("Skill", { skill: "release", args: "x" }), "deny"],
    ["deny Skill(rel*)", nothing("Skill", { skill: "release" }), "deny"],
    ["ask Agent(model:opus)", nothing("Agent", { model: "opus" }), "ask"],
    ["ask WebSearch(query:*password*)", nothing("WebSearch", { query: "my password is" }), "ask"],
    ["ask WebSearch(query:*password*)", nothing("WebSearch", { query: "weather" }), "allow"],
    ["ask WebSearch(query:*)", nothing("WebSearch", {}), "allow"],
    ["ask WebSearch(query:*)", nothing("WebSearch", { query: { deep: 1 } }), "allow"],
    ["ask WebSearch(count:5)", nothing("WebSearch", { count: 5 }), "ask"],
    ["deny X(constructor:*)", nothing("X", {}), "allow"],
    ["deny X(toString:*)", nothing("X", {}), "allow"],
    ["deny Bash(run_in_background:true)", nothing("Bash", { run_in_background: true }), "deny"],
  ] as const)("%s on %o: %s", async (rule, call, type) => {
    expect(await decide(workspace, call, { rules: [rule] })).toMatchObject({ type });
  });

  test("an allow rule on a tool covers what it does, but for what is always asked about", async () => {
    const unknown: Call = { tool: "Custom", effects: [{ type: "unknown", detail: "x" }] };
    expect(await decide(workspace, unknown, { rules: ["allow Custom"] })).toMatchObject({ type: "allow" });
    expect(await shell(workspace, "npm test > ../x", { rules: ["allow Bash"] })).toMatchObject({
      type: "allow",
    });
    expect(await shell(workspace, "npm test 'x", { rules: ["allow Bash"] })).toMatchObject({ type: "ask" });
  });
});

describe("R5: rules on hosts", () => {
  const fetch = (url: string, method = "GET", tool = "WebFetch"): Call => ({
    tool,
    effects: [{ type: "net", url, method }],
  });
  test.each([
    ["allow WebFetch(domain:example.org)", "https://example.org/x", "allow"],
    ["allow WebFetch(domain:example.org)", "https://EXAMPLE.org./x", "allow"],
    ["allow WebFetch(domain:example.org)", "https://example.org:8443/", "allow"],
    ["allow WebFetch(domain:example.org)", "https://example.org.evil.net/", "ask"],
    ["allow WebFetch(domain:example.org)", "https://evilexample.org/", "ask"],
    ["allow WebFetch(domain:example.org)", "https://a.example.org/", "ask"],
    ["allow WebFetch(domain:example.org)", "https://example.org@evil.net/", "ask"],
    ["allow WebFetch(domain:example.org)", "https://user:pw@example.org/", "ask"],
    ["allow WebFetch(domain:example.org)", "file://example.org/etc/passwd", "ask"],
    ["allow WebFetch(domain:example.org)", "not a url", "ask"],
    ["allow WebFetch(domain:*.example.org)", "https://a.b.example.org/", "allow"],
    ["allow WebFetch(domain:*.example.org)", "https://example.org/", "ask"],
    ["allow WebFetch(domain:api-*.example.org)", "https://api-1.example.org/", "allow"],
    ["allow WebFetch(domain:api-*.example.org)", "https://api-1.x.example.org/", "ask"],
    ["allow WebFetch(domain:*)", "https://example.org/", "ask"],
    ["deny WebFetch(domain:*)", "https://example.org/", "deny"],
    ["allow WebFetch(domain:bücher.example)", "https://xn--bcher-kva.example/", "allow"],
    ["deny WebFetch(domain:127.0.0.1)", "http://0x7f.1/", "deny"],
    ["ask WebFetch(domain:example.org)", "https://example.org/", "ask"],
    ["allow WebFetch", "https://example.org/", "allow"],
  ])("class 23: %s on %s: %s", async (rule, url, type) => {
    expect(await decide(workspace, fetch(url), { rules: [rule] })).toMatchObject({ type });
  });

  test("fetching from a host does not mean sending to it with another tool", async () => {
    const rules = ["allow WebFetch(domain:example.org)"];
    expect(await decide(workspace, fetch("https://example.org", "POST", "Hook"), { rules })).toMatchObject({
      type: "ask",
    });
    expect(await decide(workspace, fetch("https://example.org", "get", "Hook"), { rules })).toMatchObject({
      type: "allow",
    });
  });

  test("no network call is allowed by what is known", async () => {
    expect(await decide(workspace, fetch("https://example.org/"))).toMatchObject({
      type: "ask",
      suggestions: ["WebFetch(domain:example.org)"],
    });
  });
});

describe("rule_deny_beats_allow", () => {
  test.each([
    [["allow Bash(git *)", "deny Bash(git push *)"], "git push x", "deny"],
    [["deny Bash(git *)", "allow Bash(git push *)"], "git push x", "deny"],
    [["allow Bash(git push origin main)", "ask Bash(git push *)"], "git push origin main", "ask"],
    [["ask Bash(git *)", "deny Bash(git push *)"], "git push", "deny"],
    [["allow Bash", "deny Bash(rm *)"], "ls; rm x", "deny"],
    [["allow Bash(rm x)", "deny Bash"], "rm x", "deny"],
  ])("%j on %s: %s", async (rules, command, type) => {
    expect(await shell(workspace, command, { rules })).toMatchObject({ type });
  });
});
