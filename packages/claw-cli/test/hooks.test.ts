import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
  await mkdir(join(place.workspace, ".claw"));
});
afterEach(() => place[Symbol.asyncDispose]());

const hooks = (command: string) => ({
  hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command, name: "guard" }] }] },
});
const ofWorkspace = (content: object): Promise<void> =>
  writeFile(join(place.workspace, ".claw", "settings.json"), JSON.stringify(content));
const touching = () =>
  place.script({ toolCalls: [{ name: "Bash", input: { command: "touch made" } }] }, { text: "done" });

describe("hooks on the command line", () => {
  test("claw hooks list shows what is called and runs nothing", async () => {
    const settings = ["--settings", JSON.stringify({ ...hooks("touch ran"), disabledHooks: ["guard"] })];
    const { code, stdout } = await place.run(["hooks", "list", ...settings]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /PreToolUse Bash {2}guard {2}\(off: .*\)\n {4}command: touch ran {2}\[--settings\]/,
    );
    const json = await place.run(["hooks", "list", "--output-format", "json", ...settings]);
    expect(JSON.parse(json.stdout)).toMatchObject({ event: "PreToolUse", name: "guard", type: "command" });
    expect(await place.run(["hooks", "lst"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("class 20: a workspace's hooks run once it is trusted; one line says so before", async () => {
    await ofWorkspace(hooks("echo no >&2; exit 2"));
    const args = ["-q", "x", "--permission", "auto", ...(await touching())];
    const before = await place.run(args);
    expect(before.stderr.match(/is not trusted, so this of it does not act: 1 hooks\./g)).toHaveLength(1);
    expect((await place.run(["hooks", "list"])).stdout).toBe("");
    const trusted = await place.run([...args, "--trust-workspace", "--output-format", "stream-json"]);
    const events = trusted.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).toContainEqual(
      expect.objectContaining({ type: "hook", name: "guard", outcome: "blocked", reason: "no" }),
    );
  });

  test("rank 10: a guard that failed is told on stderr", async () => {
    const settings = ["--settings", JSON.stringify(hooks("exit 9"))];
    const { stderr } = await place.run([
      "-q",
      "x",
      "--permission",
      "auto",
      ...settings,
      ...(await touching()),
    ]);
    expect(stderr).toMatch(/Hook guard: failed, so it counts as deny/);
  });

  test("claw doctor counts them, and names the ones that cannot be run", async () => {
    const guard = { PreToolUse: [{ hooks: [{ type: "prompt", prompt: "?" }] }] };
    const { stdout } = await place.run(["doctor", "--settings", JSON.stringify({ hooks: guard })]);
    expect(stdout).toMatch(/hooks: 1 called, 0 off/);
    expect(stdout).toMatch(/hooks: PreToolUse prompt \(--settings\) cannot be run/);
  });
});
