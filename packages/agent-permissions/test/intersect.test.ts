import {
  type Decision,
  type Effect,
  type PermissionRequest,
  type Policy,
  toolCallId,
} from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import {
  createPolicy,
  type EffectiveMode,
  intersect,
  narrow,
  type PolicyOptions,
  permissionModes,
} from "../src/index.ts";
import { bookOf } from "./support/judge.ts";

const signal = new AbortController().signal;
const cwd = "/home/u/ws";

/** A stream of numbers in [0, 1) that is the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = randomFrom(20_261_129);
const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item; // never empty
const someOf = <Item>(items: readonly Item[], most: number): readonly Item[] =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, () => oneOf(items));

const specifiers: readonly string[] = [
  "Bash|Bash(git *)|Bash(git push *)|Bash(npm run *)|Bash(npm test)|Bash(ls:*)|Bash(rm *)|Bash(echo *)|Bash(cat *)",
  "Read|Read(src/**)|Read(.env)|Read(//etc/**)|Read(~/**)|Read(*.md)|Read(./secrets/**)|Read(../other/**)",
  "Edit|Edit(src/**)|Edit(*.md)|Edit(//tmp/**)|Edit(./.claude/**)|Edit(.mcp.json)|Edit(~/notes/**)|Edit(./**)",
  "WebFetch|WebFetch(domain:example.org)|WebFetch(domain:*.example.org)|WebFetch(domain:127.0.0.1)|Cd(../other)",
  "mcp__srv|mcp__srv__*|mcp__srv__get|Agent(reviewer)|Skill(release *)|Grep|Custom",
].flatMap((line) => line.split("|"));
const modes: readonly EffectiveMode[] = [...permissionModes, "deny"];
const folders: readonly string[] = [cwd, `${cwd}/src`, "/home/u/other", "/tmp", "/"];

const paths: readonly string[] =
  "src/a.ts src/deep/b.ts .env README.md secrets/k .git/config .claude/x .mcp.json ../other/x /etc/passwd /tmp/x /home/u/notes/n /home/u/.ssh/id_rsa src/../../x"
    .split(" ")
    .map((path) => (path.startsWith("/") ? path : `${cwd}/${path}`));
const commands: readonly string[] = [
  "ls|ls -la src|git status|git push origin main|git log --oneline -5|npm run build|npm test|rm -rf x|rm -rf /",
  "echo hi > src/a.ts|echo hi > /etc/x|cat .env|cat src/a.ts README.md|cat /etc/passwd|cd src && ls|cd ../other && cat x",
  "npm test && git push x|sudo rm x|env A=1 git status|$X y|bash -c 'git push'|find . -name '*.ts'|find . -delete|'",
].flatMap((line) => line.split("|"));
const urls =
  "https://example.org/ https://a.example.org/x http://127.0.0.1/ https://evil.test/ file:///etc/x".split(
    " ",
  );

function randomCall(): PermissionRequest {
  const [tool, effects] = oneOf<() => readonly [string, readonly Effect[]]>([
    () => ["Read", [{ type: "read", path: oneOf(paths) }]],
    () => ["Grep", [{ type: "read", path: oneOf(paths) }]],
    () => {
      const path = oneOf(paths);
      return [
        oneOf(["Write", "Edit"]),
        [
          { type: "read", path },
          { type: "write", path },
        ],
      ];
    },
    () => ["Bash", [{ type: "shell", command: oneOf(commands), cwd: oneOf([cwd, `${cwd}/src`, "/tmp"]) }]],
    () => ["Bash", [{ type: "shell", command: `${oneOf(commands)} ; ${oneOf(commands)}`, cwd }]],
    () => ["WebFetch", [{ type: "net", url: oneOf(urls), method: oneOf(["GET", "POST"]) }]],
    () => ["mcp__srv__get", [{ type: "mcp", server: "srv", tool: oneOf(["get", "put"]), readOnly: false }]],
    () => ["Custom", oneOf([[], [{ type: "unknown", detail: "x" }]])],
    () => ["Agent", []],
  ])();
  return { call: toolCallId("c"), tool, input: { subagent_type: "reviewer" }, effects, cwd };
}

function randomRules(): readonly string[] {
  return someOf(specifiers, 6).map((text) => `${oneOf(["allow", "allow", "allow", "ask", "deny"])} ${text}`);
}

function randomOptions(): PolicyOptions {
  const mode = oneOf(modes);
  const directories = [cwd, ...someOf(folders, 1)];
  return {
    mode: () => mode,
    rules: bookOf(randomRules(), "/home/u"),
    cwd,
    directories: () => directories,
    home: "/home/u",
    paths: { realpath: (path) => Promise.resolve(path) },
    filteredTools: oneOf([[], ["Grep"]]),
    caseInsensitive: random() < 0.2,
  };
}

describe("class 21: a child's policy is the intersection with its parent's", () => {
  const pairs = 100_000;
  test(`over ${pairs} random pairs, nothing that is allowed to a child is refused to, or asked of, its parent`, async () => {
    const parents = Array.from({ length: 300 }, () => {
      const options = randomOptions();
      return { options, policy: createPolicy(options), said: new Map<PermissionRequest, Decision["type"]>() };
    });
    const children = Array.from({ length: 300 }, () => createPolicy(randomOptions()));
    const narrowed = Array.from({ length: 1_000 }, () => {
      const parent = oneOf(parents);
      const mode = oneOf([undefined, ...modes]);
      const rules = bookOf(randomRules(), "/home/u");
      const limits = { rules, directories: someOf(folders, 2), ...(mode === undefined ? {} : { mode }) };
      return { parent, policy: narrow(parent.options, limits) };
    });
    const anyTwo = () => {
      const parent = oneOf(parents);
      return { parent, policy: intersect(parent.policy, oneOf(children)) };
    };
    const calls = Array.from({ length: 1_500 }, randomCall);
    const count = { allow: 0, ask: 0, deny: 0 };
    const exceeded: unknown[] = [];
    for (let i = 0; i < pairs; i += 1) {
      const pair = i % 2 === 0 ? oneOf(narrowed) : anyTwo();
      const call = oneOf(calls);
      const child = (await pair.policy(call, signal))?.type ?? "ask";
      count[child] += 1;
      if (child !== "allow") continue;
      const { said, policy } = pair.parent;
      const parent = said.get(call) ?? (await policy(call, signal))?.type ?? "ask";
      said.set(call, parent);
      if (parent !== "allow") exceeded.push({ call, parent, rules: pair.parent.options.rules.entries() });
    }
    expect(exceeded).toEqual([]);
    // Each side of the law was met often enough to mean something.
    for (const often of Object.values(count)) expect(often).toBeGreaterThan(pairs / 50);
  }, 120_000);

  const says =
    (value: Decision | undefined): Policy =>
    () =>
      value;
  const call: PermissionRequest = { call: toolCallId("c"), tool: "X", input: {}, effects: [], cwd };
  const allow: Decision = { type: "allow", reason: "yes" };
  const ask = (...suggestions: readonly string[]): Decision => ({ type: "ask", reason: "?", suggestions });
  const deny: Decision = { type: "deny", reason: "no" };

  test.each([
    [allow, allow, "allow"],
    [allow, ask(), "ask"],
    [ask(), allow, "ask"],
    [deny, allow, "deny"],
    [allow, deny, "deny"],
    [ask(), deny, "deny"],
    [undefined, allow, "ask"],
    [allow, undefined, "ask"],
    [undefined, undefined, "ask"],
  ] as const)("%o and %o: %s", async (parent, child, type) => {
    expect(await intersect(says(parent), says(child))(call, signal)).toMatchObject({ type });
  });

  test("a policy that fails is not taken for a yes", async () => {
    const broken: Policy = () => Promise.reject(new Error("down"));
    await expect(intersect(broken, says(allow))(call, signal)).rejects.toThrow("down");
    await expect(intersect(says(allow), broken)(call, signal)).rejects.toThrow("down");
  });

  test("a question that hooks may answer does not stand in for one that they may not", async () => {
    const byDefault: Policy = () => ({ type: "ask", reason: "nothing allows it", byDefault: true });
    const byRule: Policy = () => ({ type: "ask", reason: "a rule asks", rule: "Custom" });
    const request: PermissionRequest = { call: toolCallId("c"), tool: "Custom", input: {}, effects: [], cwd };
    for (const policy of [intersect(byDefault, byRule), intersect(byRule, byDefault)]) {
      expect(await policy(request, signal)).toEqual({ type: "ask", reason: "a rule asks", rule: "Custom" });
    }
    expect(await intersect(byDefault, byDefault)(request, signal)).toMatchObject({ byDefault: true });
  });

  test("rules are offered where together they satisfy both", async () => {
    const offered = async (parent: Decision, child: Decision): Promise<unknown> => {
      const decision = await intersect(says(parent), says(child))(call, signal);
      return decision?.type === "ask" ? decision.suggestions : "no question";
    };
    expect(await offered(ask("A"), ask("A", "B"))).toEqual(["A", "B"]);
    expect(await offered(ask("A"), allow)).toEqual(["A"]);
    expect(await offered(ask("A"), { type: "ask", reason: "?" })).toBeUndefined();
  });

  test("bypassPermissions in a child does not exceed a parent in plan, and the child's rules and folders hold too", async () => {
    const options: PolicyOptions = { ...randomOptions(), mode: () => "plan", rules: bookOf([], "/") };
    const read: PermissionRequest = { ...call, tool: "Read", effects: [{ type: "read", path: `${cwd}/a` }] };
    const write: PermissionRequest = {
      ...call,
      tool: "Write",
      effects: [{ type: "write", path: `${cwd}/a` }],
    };
    const wild = narrow(options, { mode: "bypassPermissions", rules: bookOf(["allow Edit"], "/") });
    expect(await wild(write, signal)).toMatchObject({ type: "deny" });
    expect(await wild(read, signal)).toMatchObject({ type: "allow" });
    expect(await narrow(options, { directories: [] })(read, signal)).toMatchObject({ type: "ask" });
    const held = narrow(options, { rules: bookOf(["deny Read(a)"], "/") });
    expect(await held(read, signal)).toMatchObject({ type: "deny" });
  });

  test("a rule that is added to the parent's book counts for the child at once", async () => {
    const rules = bookOf([], "/");
    const options: PolicyOptions = { ...randomOptions(), mode: () => "default", rules };
    const child = narrow(options, { rules: bookOf(["deny Bash(rm *)"], "/") });
    const run = (command: string) =>
      child({ ...call, tool: "Bash", effects: [{ type: "shell", command, cwd }] }, signal);
    expect(await run("npm test")).toMatchObject({ type: "ask", suggestions: ["Bash(npm test)"] });
    rules.add("allow", "Bash(npm test)", { name: "this session", root: "/" });
    expect(await run("npm test")).toMatchObject({ type: "allow" });
    expect(await run("rm x")).toMatchObject({ type: "deny" });
  });
});
