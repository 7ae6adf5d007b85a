import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

test("claw policy decide: a decision or an error for each line, in order, and nothing is changed", async () => {
  const cwd = place.workspace;
  await mkdir(join(cwd, "inside"));
  await writeFile(join(cwd, "inside", "a"), "");
  await symlink("/etc", join(cwd, "out"));
  const base = { cwd, home: place.env["HOME"], workspace: "trusted", mode: "default", rules: {} };
  const cases = [
    { id: 1, ...base, tool: "Read", input: { file_path: "inside/a" } },
    { id: 2, ...base, tool: "Read", input: { file_path: "out/passwd" } },
    { id: 3, ...base, lexical: true, tool: "Read", input: { file_path: "out/passwd" } },
    { id: 4, ...base, tool: "Bash", input: { command: "touch made" } },
  ];
  const lines = cases.map((one) => JSON.stringify(one));
  const { code, stdout, stderr } = await place.run(["policy", "decide"], {
    input: `${lines[0]}\nbroken\n\n${lines.slice(1).join("\n")}`,
  });
  expect(stderr).toBe("");
  expect(code).toBe(1);
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
    [1, "allow"],
    [undefined, undefined],
    [2, "ask"],
    [3, "allow"],
    [4, "ask"],
  ]);
  expect(answers[1].error.code).toBe("case-invalid");
  const good = await place.run(["policy", "decide"], { input: lines.join("\n") });
  expect(good).toMatchObject({ code: 0, stderr: "" });
  expect(await place.run(["policy", "decide"], { input: "" })).toMatchObject({ code: 0, stdout: "" });
});

test("claw policy decide: marks that some readers take for the end of a line are text, on the way in and out", async () => {
  const base = { cwd: "/w", home: "/h", workspace: "trusted", mode: "default", rules: {}, lexical: true };
  const marks = "a\u2028b\u2029c\u0085d";
  const cases = [
    { id: marks, ...base, tool: "Bash", input: { command: `ls '${marks}'` } },
    { id: 2, ...base, tool: "Read", input: { file_path: marks } },
    {
      id: 3,
      ...base,
      rules: { deny: ["Bash(rm:*)"] },
      tool: "Bash",
      input: { command: `ls\u2028rm x\nrm y` },
    },
  ];
  const input = cases.map((one) => JSON.stringify(one)).join("\n");
  // As they are, not as escapes.
  expect(input).toContain("\u2028");
  const { code, stdout, stderr } = await place.run(["policy", "decide"], { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).not.toMatch(/[\u2028\u2029\u0085]/);
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
    [marks, "ask"],
    [2, "allow"],
    [3, "deny"],
  ]);
});

test("claw policy: what it does not know is wrong usage", async () => {
  const { code, stdout, stderr } = await place.run(["policy", "decid"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("policy decid is not a command. Did you mean decide?");
});

describe("claw policy explain", () => {
  test("how it was read, every part's facts, which rule of which layer decided, and what would change it", async () => {
    await mkdir(place.home, { recursive: true });
    const permissions = { deny: ["Bash(git push *)"] };
    await writeFile(join(place.home, "settings.json"), JSON.stringify({ permissions }));
    const call = "Bash(cd x && timeout 5 git push > out)";
    const { code, stdout, stderr } = await place.run(["policy", "explain", call]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const line of [
      /^deny: .*the deny rule `Bash\(git push \*\)` \(user settings\)/,
      "mode: default",
      /\ncd x\n {2}allow: /,
      "  rule: deny Bash(git push *) (user settings)",
      '  arguments: "timeout" "5" "git" "push"',
      "  runs: git push",
      /in: .*\/x\n/,
      "  redirects: write out",
      "Take out the deny rule `Bash(git push *)` (user settings).",
    ]) {
      expect(stdout).toMatch(line);
    }
    const json = await place.run(["policy", "explain", "Read(/etc/passwd)", "--output-format", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      decision: "ask",
      mode: "default",
      parts: [{ subject: "/etc/passwd", needs: ["Read(//etc/passwd)"] }],
      changes: ["Allow it with `Read(//etc/passwd)`."],
    });
    const plan = await place.run(["policy", "explain", "Bash(make)", "--permission-mode", "plan"]);
    expect(plan.stdout).toContain("Choose another mode than plan.");
    expect(await place.run(["policy", "explain", "two words"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("settings that cannot be read make it a question, and are named", async () => {
    await mkdir(place.home, { recursive: true });
    await writeFile(join(place.home, "settings.json"), "{");
    const { stdout, stderr } = await place.run(["policy", "explain", "Bash(ls)"]);
    expect(stdout).toMatch(/^ask: Settings cannot be read/);
    expect(stderr).toContain("settings.json");
  });
});

test("claw policy test: 0 without a surprise, 1 with one, 2 for a file that cannot be read", async () => {
  const put = (name: string, text: string) => writeFile(join(place.workspace, name), text);
  await put(
    "a.json",
    '{"rules":[{"deny":"Bash(git push *)","match":["git push -f"],"not_match":["git pull"]}]}',
  );
  await put("b.rules", 'prefix_rule(pattern=["git", "push"], decision="forbidden", match=["git pull"])');
  await put("c.toml", '[[rule]]\ntoolName="run_shell_command"\ncommandRegex="x"\ndecision="deny"');
  expect(await place.run(["policy", "test", "a.json"])).toMatchObject({
    code: 0,
    stderr: "",
    stdout: "a.json: 1 rules, 2 examples, 0 surprises\n  deny Bash(git push *)\n",
  });
  const both = await place.run(["policy", "test", "a.json", "b.rules", "c.toml"]);
  expect(both.code).toBe(1);
  expect(both.stdout).toContain("✗ line 1: Bash(git push *), git pull: It does not deny this, and should.");
  expect(both.stdout).toContain("left out: rule 1 (deny): commandRegex cannot be said here.");
  const json = await place.run(["policy", "test", "b.rules", "--output-format", "json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ file: "b.rules", surprises: [{ example: "git pull" }] });
  expect(await place.run(["policy", "test", "absent"])).toMatchObject({ code: 2, stdout: "" });
  expect(await place.run(["policy", "test"])).toMatchObject({ code: 2, stdout: "" });
});

test("rank 25: claw policy diff: what past sessions did, decided again under two settings", async () => {
  const put = (name: string, content: object) =>
    writeFile(join(place.workspace, name), JSON.stringify(content));
  await put("old.json", {});
  await put("new.json", { permissions: { deny: ["Bash(touch *)"], allow: ["Bash(mkdir *)"] } });
  const script = await place.script(
    { toolCalls: ["touch a", "mkdir b", "ls"].map((command) => ({ name: "Bash", input: { command } })) },
    { text: "done" },
  );
  await place.run(["-q", "x", "-p", "auto", "--session-id", "one", ...script]);
  const diff = (...args: readonly string[]) =>
    place.run(["policy", "diff", ...args, "--output-format", "json"]);
  const changed = (await diff("old.json", "new.json")).stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(changed).toMatchObject([
    {
      session: "one",
      tool: "Bash",
      input: { command: "touch a" },
      before: "ask",
      after: "deny",
      rule: "Bash(touch *)",
    },
    { session: "one", input: { command: "mkdir b" }, before: "ask", after: "allow" },
  ]);
  const text = await place.run(["policy", "diff", "old.json", "new.json", "--sessions", "one"]);
  expect(text.stdout).toMatch(/^ask -> deny {2}Bash \{"command":"touch a"\}\n/);
  expect(await diff("old.json", "old.json")).toMatchObject({ code: 0, stdout: "" });
  expect(await diff("old.json", "new.json", "--sessions", "none")).toMatchObject({ code: 1, stdout: "" });
  expect(await diff("old.json", "absent.json")).toMatchObject({ code: 2, stdout: "" });
  expect(await diff("old.json")).toMatchObject({ code: 2, stdout: "" });
});
