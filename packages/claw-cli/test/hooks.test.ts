import { mkdir, readFile, writeFile } from "node:fs/promises";
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
    expect(before.stderr.match(/is not trusted, so this of it does not act: 1 hook\./g)).toHaveLength(1);
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

  test("hook_events: a program is called for each event of a session, with what belongs to it", async () => {
    const log = join(place.home, "log");
    const recorder = join(place.workspace, "record.sh");
    await writeFile(recorder, `#!/bin/bash\nflock ${log}.lock bash -c 'cat >> ${log}'\n`, {
      mode: 0o755,
    });
    await mkdir(place.home, { recursive: true });
    const all = (await import("@claw/agent-sdk")).hookEvents;
    const config = Object.fromEntries(
      all.map((event) => [event, [{ hooks: [{ type: "command", command: recorder, args: [] }] }]]),
    );
    const call = (name: string, input: object) => ({ toolCalls: [{ name, input }] });
    const script = await place.script(
      call("Bash", { command: "touch made" }),
      call("Bash", { command: "exit 3" }),
      call("Write", { file_path: join(place.workspace, "a.txt"), content: "x" }),
      call("Agent", { description: "look", prompt: "Look around.", subagent_type: "general-purpose" }),
      { text: "I looked." },
      call("Bash", { command: "true", run_in_background: true }),
      call("TaskOutput", { task_id: "shell_1" }),
      { text: "word ".repeat(1_000) },
    );
    const settings = JSON.stringify({ hooks: config, permissions: { allow: ["Bash"] } });
    const run = await place.run([
      "-q",
      "Say something long.",
      "--settings",
      settings,
      "--session-id",
      "s",
      ...script,
    ]);
    expect(run.code, run.stderr).toBe(4);
    const shorter = await place.script(
      { text: `${"word ".repeat(1_000)}finis` },
      { text: `${"word ".repeat(1_000)}finis again` },
      { text: "A summary." },
      { text: "Done." },
    );
    const { stdout } = await place.run(["sessions", "list", "--output-format", "json"]);
    const id = JSON.parse(stdout.trim().split("\n")[0] ?? "").session;
    await using terminal = await place.open(["-r", id, "--settings", settings, ...shorter]);
    await terminal.waitFor(/\n>$/);
    terminal.type("More please\r");
    await terminal.waitFor(/finis\n+>$/);
    terminal.type("And more\r");
    await terminal.waitFor(/finis again\n+>$/);
    terminal.type("/compact keep the names\r");
    await terminal.waitFor("Conversation shortened");
    terminal.type("exit\r");
    await terminal.exit;
    const inputs = (await readFile(log, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const of = (event: string) => inputs.filter(({ hook_event_name }) => hook_event_name === event);
    expect(new Set(inputs.map(({ hook_event_name }) => hook_event_name))).toEqual(new Set(all));
    expect(of("SubagentStart")).toMatchObject([
      { agent_type: "general-purpose", agent_id: expect.any(String) },
    ]);
    expect(of("SubagentStop")).toMatchObject([
      { agent_type: "general-purpose", last_assistant_message: "I looked.", stop_hook_active: false },
    ]);
    expect(of("PostToolUseFailure")).toMatchObject([
      { tool_name: "Bash", error: expect.stringContaining("3") },
    ]);
    expect(of("PermissionRequest")).toMatchObject([{ tool_name: "Write" }]);
    expect(of("Notification")).toMatchObject([{ notification_type: "permission_prompt" }]);
    expect(of("SessionStart").map(({ source }) => source)).toEqual(["startup", "resume"]);
    expect(of("SessionEnd").length).toBe(2);
    expect(of("PreCompact")).toMatchObject([{ trigger: "manual", custom_instructions: "keep the names" }]);
    expect(of("TaskCompleted")).toMatchObject([{ task_id: "shell_1", task_status: "completed" }]);
    expect(of("Stop")[0]).toMatchObject({ stop_hook_active: false });
    for (const input of inputs) expect(input).toMatchObject({ session_id: id, cwd: expect.any(String) });
  });

  test("Stop and SubagentStop: exit code 2 makes the model go on, eight times at most", async () => {
    const stop = { hooks: [{ type: "command", command: "echo 'not yet' >&2; exit 2" }] };
    const replies = Array.from({ length: 30 }, () => ({ text: "done" }));
    const settings = ["--settings", JSON.stringify({ hooks: { Stop: [stop], SubagentStop: [stop] } })];
    const agent = {
      toolCalls: [
        { name: "Agent", input: { description: "d", prompt: "p", subagent_type: "general-purpose" } },
      ],
    };
    const run = await place.run([
      ...["-q", "x", "--permission", "auto", "--output-format", "stream-json"],
      ...settings,
      ...(await place.script(agent, ...replies)),
    ]);
    const events = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const hooked = (event: string) => events.filter(({ type, event: of }) => type === "hook" && of === event);
    expect(hooked("SubagentStop")).toHaveLength(9);
    expect(hooked("Stop")).toHaveLength(9);
    expect(events.filter(({ code }) => code === "forced-too-often")).toHaveLength(2);
    expect(run.code).toBe(0);
  });

  test("claw doctor counts them, and names the ones that cannot be run", async () => {
    const guard = { PreToolUse: [{ hooks: [{ type: "agent", prompt: "?" }] }] };
    const { stdout } = await place.run(["doctor", "--settings", JSON.stringify({ hooks: guard })]);
    expect(stdout).toMatch(/hooks: 1 called, 0 off/);
    expect(stdout).toMatch(/hooks: PreToolUse agent \(--settings\) cannot be run/);
  });
});
