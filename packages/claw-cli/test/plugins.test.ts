import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

describe("plugins on the command line", () => {
  test("claw plugin add, list, enable, disable, remove and validate", async () => {
    const plugin = join(place.workspace, "guard");
    await mkdir(join(plugin, "hooks"), { recursive: true });
    const hooks = {
      PreToolUse: [{ hooks: [{ type: "command", command: "echo no >&2; exit 2", name: "check" }] }],
    };
    await writeFile(join(plugin, "hooks/hooks.json"), JSON.stringify({ hooks }));
    expect(await place.run(["plugin", "validate", "guard"])).toMatchObject({
      code: 0,
      stdout: "guard  claude-plugin\n    hook PreToolUse: guard:check\n",
    });
    const added = await place.run(["plugin", "add", "./guard"]);
    expect(added).toMatchObject({ code: 0 });
    expect(added.stderr).toContain("claw plugin enable guard");
    expect((await place.run(["plugin", "list"])).stdout).toMatch(/^guard {2}off/);
    const script = await place.script(
      { toolCalls: [{ name: "Bash", input: { command: "touch made" } }] },
      { text: "done" },
    );
    const stream = ["-q", "x", "--permission", "auto", "--output-format", "stream-json", ...script];
    expect((await place.run(stream)).stdout).not.toContain('"type":"hook"');
    expect((await place.run(["plugin", "enable", "guard"])).code).toBe(0);
    expect((await place.run(stream)).stdout).toMatch(/"type":"hook".*"name":"guard:check"/);
    expect((await place.run(["hooks", "list"])).stdout).toContain("guard:check");
    expect((await place.run(["doctor"])).stdout).toMatch(/plugins: guard on/);
    expect((await place.run(["plugin", "disable", "guard"])).code).toBe(0);
    expect((await place.run(["plugin", "remove", "guard"])).code).toBe(0);
    expect(await place.run(["plugin", "remove", "guard"])).toMatchObject({ code: 1 });
    expect(await place.run(["plugin", "ad"])).toMatchObject({ code: 2 });
  });
});

describe("extensions on the command line", () => {
  test("those of ~/.claw/extensions are loaded, a bad one is told, --no-extensions leaves all out", async () => {
    const folder = join(place.home, "extensions");
    await mkdir(folder, { recursive: true });
    const code = `export default {
      name: "blocker",
      hooks: { PreToolUse: [{ name: "blocks", run: () => ({ decision: "block", reason: "extension says no" }) }] },
    };`;
    await writeFile(join(folder, "blocker.mjs"), code);
    await writeFile(join(folder, "broken.mjs"), "export default (");
    const script = await place.script(
      { toolCalls: [{ name: "Bash", input: { command: "touch made" } }] },
      { text: "done" },
    );
    const args = ["-q", "x", "--permission", "auto", "--output-format", "stream-json", ...script];
    const loaded = await place.run(args);
    expect(loaded.stdout).toMatch(/"type":"hook".*"name":"blocks".*"outcome":"blocked"/);
    expect(loaded.stderr).toMatch(/broken\.mjs was not loaded/);
    const without = await place.run([...args, "--no-extensions"]);
    expect(without.stdout).not.toContain('"type":"hook"');
    expect((await place.run(["doctor"])).stdout).toMatch(/extensions: blocker\.mjs, broken\.mjs/);
  });
});
