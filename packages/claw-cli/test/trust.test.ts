import { mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
  await mkdir(join(place.workspace, ".claw"));
  await settings({ permissions: { allow: ["Bash(touch made)"] } });
});
afterEach(() => place[Symbol.asyncDispose]());

const settings = (content: object): Promise<void> =>
  writeFile(join(place.workspace, ".claw", "settings.json"), JSON.stringify(content));
const touching = () =>
  place.script({ toolCalls: [{ name: "Bash", input: { command: "touch made" } }] }, { text: "done" });
const isMade = (): Promise<boolean> =>
  stat(join(place.workspace, "made")).then(
    () => true,
    () => false,
  );

describe("class 20: a workspace acts only when it is trusted", () => {
  test("without a terminal: one line on stderr, or --trust-workspace, which is not kept", async () => {
    const script = await touching();
    const first = await place.run(["-q", "x", ...script]);
    expect(first.code).toBe(4);
    expect(
      first.stderr.match(/^claw: warning: .*is not trusted, so this of it does not act: 1 allow rule\.$/gm),
    ).toHaveLength(1);
    expect(await isMade()).toBe(false);
    const trusted = await place.run(["-q", "x", "--trust-workspace", ...script]);
    expect(trusted).toMatchObject({ code: 0, stdout: "done\n" });
    expect(trusted.stderr).not.toContain("not trusted");
    expect(await isMade()).toBe(true);
    expect((await place.run(["-q", "x", ...script])).code).toBe(4);
  });

  test("claw trust: shows, adds, lists and removes", async () => {
    const folder = await realpath(place.workspace);
    const shown = await place.run(["trust"]);
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toBe(`${folder} is not trusted. It would bring:\n  allow rules: Bash(touch made)\n`);
    expect(await place.run(["trust", "list"])).toMatchObject({ code: 0, stdout: "" });
    expect(await place.run(["trust", "add"])).toMatchObject({ code: 0, stderr: `Trusted: ${folder}\n` });
    expect((await place.run(["-q", "x", ...(await touching())])).code).toBe(0);
    expect((await place.run(["trust", "list"])).stdout).toMatch(new RegExp(`^${folder}  since `));
    const json = JSON.parse((await place.run(["trust", "--output-format", "json"])).stdout);
    expect(json).toMatchObject({ trusted: true, by: "list", folder, brings: [{ kind: "allow rules" }] });
    expect((await place.run(["trust", "remove", folder], { cwd: "/" })).code).toBe(0);
    expect((await place.run(["trust", "list"])).stdout).toBe("");
    expect(await place.run(["trust", "add", "not-there"])).toMatchObject({ code: 2, stdout: "" });
    expect((await place.run(["trust", "ad"])).stderr).toContain("Did you mean add?");
  });

  test("class 19: a hook that changed since takes the trust back, and says so", async () => {
    const hook = (command: string) => ({
      permissions: { allow: ["Bash(touch made)"] },
      hooks: { Stop: [{ hooks: [{ type: "command", command }] }] },
    });
    await settings(hook("true"));
    await place.run(["trust", "add"]);
    await settings(hook("false"));
    const { stderr } = await place.run(["-q", "x", ...(await touching())]);
    expect(stderr).toContain("has changed since you trusted it");
    expect((await place.run(["trust"])).stdout).toContain("names other programs");
    expect(await isMade()).toBe(false);
  });
});

describe("in a terminal", () => {
  const question = /Do you trust [\s\S]*allow rules: Bash\(touch made\)/;
  const ready = /\n>$/;

  test("claw asks before anything acts; from now on is kept, 0600, and not asked again", async () => {
    {
      await using terminal = await place.open(await touching());
      await terminal.waitFor(question);
      terminal.type("3");
      await terminal.waitFor(ready);
      terminal.type("go\r");
      await terminal.waitFor("done");
      expect(await isMade()).toBe(true);
    }
    const file = join(place.home, "trusted-folders.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain(await realpath(place.workspace));
    await using again = await place.open(await touching());
    expect(await again.waitFor(ready)).not.toContain("Do you trust");
  });

  test("no goes on without it", async () => {
    await using terminal = await place.open(await touching());
    await terminal.waitFor(question);
    terminal.type("\r");
    await terminal.waitFor("is not trusted, so this of it");
    await terminal.waitFor(ready);
    terminal.type("go\r");
    await terminal.waitFor(/> go[\s\S]*touch made/);
    expect(await isMade()).toBe(false);
    await expect(stat(join(place.home, "trusted-folders.json"))).rejects.toThrow();
  });

  test("class 14: each name is shown whole, with what it hides; what is longer than the screen is not kept", async () => {
    const command = `touch 'a\u202eb\u200b' ${"x".repeat(150)} && end`;
    const hooks = { Stop: [{ hooks: [{ type: "command", command }] }] };
    await settings({ permissions: { allow: ["Bash(touch made)"] }, hooks });
    {
      await using terminal = await place.open(await touching());
      await terminal.waitFor(/a<U\+202E>b<U\+200B>[\s\S]*&& end[\s\S]*3\. Yes, from now on/);
    }
    const allow = [
      "Bash(touch made)",
      ...Array.from({ length: 40 }, (_, i) => `Bash(one of many commands ${i})`),
    ];
    await settings({ permissions: { allow }, hooks });
    await using terminal = await place.open(await touching());
    const shown = await terminal.waitFor(/longer than the screen[\s\S]*2\. Yes, in this session/);
    expect(shown).not.toContain("from now on\n");
    expect((await place.run(["trust"])).stdout).toMatch(/a<U\+202E>b<U\+200B>[\s\S]*&& end[\s\S]*/);
  });

  test("Ctrl-C at the question leaves", async () => {
    await using terminal = await place.open(await touching());
    await terminal.waitFor(question);
    terminal.type("\u0003");
    expect((await terminal.exit).code).toBe(0);
  });
});

test("--settings and --setting-sources", async () => {
  const script = await touching();
  const given = '{"permissions":{"allow":["Bash(touch made)"]}}';
  await settings({});
  expect((await place.run(["-q", "x", "--settings", given, ...script])).code).toBe(0);
  await writeFile(join(place.workspace, "mine.json"), given);
  expect((await place.run(["-q", "x", "--settings", "mine.json", ...script])).code).toBe(0);
  await mkdir(place.home, { recursive: true });
  await writeFile(join(place.home, "settings.json"), given);
  expect((await place.run(["-q", "x", ...script])).code).toBe(0);
  expect((await place.run(["-q", "x", "--setting-sources", "project,local", ...script])).code).toBe(4);
  expect((await place.run(["-q", "x", "--allow", "Bash(touch made)", ...script])).code).toBe(0);
  expect((await place.run(["-q", "x", "--deny", "Bash", ...script])).stderr).toContain(
    'no tool named "Bash"',
  );
  for (const [args, said] of [
    [["--settings", "absent.json"], "There is no file"],
    [["--settings", "{"], "not JSON"],
    [["--settings", '{"modell":"x"}'], 'Did you mean "model"'],
    [["--setting-sources", "usr"], "Did you mean user?"],
  ] as const) {
    const { code, stdout, stderr } = await place.run(["-q", "x", ...args, ...script]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  }
});

test("--permission auto where settings switched it off is wrong usage", async () => {
  await settings({ permissions: { disableBypassPermissionsMode: "disable" } });
  const { code, stderr } = await place.run(["-q", "x", "-p", "auto", ...(await touching())]);
  expect(code).toBe(2);
  expect(stderr).toContain("switched off by");
});

test.each([["acceptEdits"], ["bypassPermissions"]])(
  "class 20: with the user's folder in the workspace, a model in %s does not write what later starts load",
  async (mode) => {
    const env = { CLAW_HOME: join(place.workspace, "state") };
    const write = (file_path: string) => ({
      toolCalls: [{ name: "Write", input: { file_path, content: "x" } }],
    });
    const files = [
      "state/settings.json",
      "state/extensions/x.js",
      "state/trusted-folders.json",
      "other/x.js",
    ];
    const script = await place.script(...files.map(write), { text: "done" });
    const { code } = await place.run(["-q", "x", "--permission-mode", mode, ...script], { env });
    expect(code).toBe(4);
    const made = files.map((file) =>
      stat(join(place.workspace, file)).then(
        () => true,
        () => false,
      ),
    );
    expect(await Promise.all(made)).toEqual([false, false, false, true]);
  },
);
