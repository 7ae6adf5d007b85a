import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processesWithMarker, startMockModel } from "@claw/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const bash = (command: string, more: object = {}) => ({
  toolCalls: [{ name: "Bash", input: { command, ...more } }],
});
const background = (command: string) => bash(command, { run_in_background: true });
const look = (more: object) => ({
  toolCalls: [{ name: "TaskOutput", input: { task_id: "shell_1", ...more } }],
});
/** A command that ends when the file is there. */
const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done; echo it is there`;
/** Waits until the session's journal has the end of a task. The brackets keep it from finding itself there. */
const untilEnded = `until grep -qs '"status":"complete[d]"' "$CLAW_HOME"/projects/*/sessions/*.jsonl; do sleep 0.02; done`;
/** A duration for `sleep` that no other process has: its processes are found by it. */
const uniqueSeconds = (): string => `600.${randomInt(1e9, 9e9)}`;
const times = (text: string, part: string): number => text.split(part).length - 1;
const notice = "Notice of a background task";
const patience = { timeout: 20_000, interval: 50 };

describe("a query", () => {
  test.each(["anthropic", "openai", "openai-responses", "ollama"])(
    "R7: the end of a background command is in the next model request, once (%s)",
    async (provider) => {
      await using mock = await startMockModel({
        script: [background(until("go")), bash(`touch go; ${untilEnded}`), bash("true"), { text: "done" }],
        models: ["m"],
      });
      const { code, stdout, stderr } = await place.run(
        ["-q", "go", "-p", "auto", "--provider", provider, "--model", "m"],
        { env: mock.env },
      );
      expect(`${code} ${stdout}`).toBe("0 done\n");
      expect(mock.requests.map(({ raw }) => times(raw, notice))).toEqual([0, 0, 1, 1]);
      expect(mock.requests[2]?.raw).toContain("shell_1");
      expect(stderr).toContain(`◆ [${notice}`);
      mock.assertClean();
    },
  );

  test("tasks_end_with_session: an answer does not wait for them; they are stopped, and that is said", async () => {
    const seconds = uniqueSeconds();
    const script = await place.script(background(`setsid sleep ${seconds} & sleep ${seconds}`), {
      text: "begun",
    });
    const { code, stdout, stderr } = await place.run(["-q", "go", "-p", "auto", ...script]);
    expect(`${code} ${stdout}`).toBe("0 begun\n");
    expect(stderr).toContain("Background tasks that had not ended are stopped with the session: shell_1.");
    expect(await processesWithMarker(seconds)).toEqual([]);
    const json = await place.run(["-q", "go", "-p", "auto", "--output-format", "json", ...script]);
    expect(JSON.parse(json.stdout)).toMatchObject({ subtype: "success", unfinished_tasks: ["shell_1"] });
  });

  test("the events of tasks are in stream-json: edges once each, the level whole", async () => {
    const script = await place.script(background("true"), look({}), { text: "done" });
    const { stdout } = await place.run([
      "-q",
      "go",
      "-p",
      "auto",
      "--output-format",
      "stream-json",
      ...script,
    ]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const edges = events.filter(({ type }) => type === "task").map(({ task }) => task.status);
    expect(edges.slice(0, 3)).toEqual(["pending", "running", "completed"]);
    expect(events.findLast(({ type }) => type === "tasks").tasks).toMatchObject([
      { id: "shell_1", status: "completed", summary: "exit code 0" },
    ]);
    expect(events.filter(({ type }) => type === "message").length).toBeGreaterThan(4);
  });
});

test("P5, rank 5: after SIGKILL of claw nothing of its background commands is left", async () => {
  const seconds = uniqueSeconds();
  const script = await place.script(
    background(`setsid sleep ${seconds} & (nohup sleep ${seconds} &) ; sleep ${seconds}`),
    { text: "waiting", delayMs: 60_000 },
  );
  const claw = place.start(["-q", "go", "-p", "auto", ...script]);
  await expect
    .poll(async () => (await processesWithMarker(seconds)).length, patience)
    .toBeGreaterThanOrEqual(3);
  await expect.poll(() => guardsOf(claw.child.pid ?? 0), patience).toHaveLength(1);
  claw.child.kill("SIGKILL");
  await claw.exit;
  await expect.poll(() => processesWithMarker(seconds), patience).toEqual([]);
  const resumed = await place.script({ text: "I know." });
  const { stdout } = await place.run(["-c", "-q", "what now?", ...resumed]);
  expect(stdout).toBe("I know.\n");
  const { stdout: sessions } = await place.run(["sessions", "list", "--output-format", "json"]);
  const { session } = JSON.parse(sessions.split("\n")[0] ?? "");
  const { stdout: events } = await place.run(["sessions", "export", session]);
  expect(times(events, "It was lost")).toBe(2); // the edge and the message
});

/** The guard processes that this process started. */
async function guardsOf(parent: number): Promise<readonly number[]> {
  const guards = await processesWithMarker("claw-guard");
  const parents = await Promise.all(
    guards.map(({ pid }) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")),
  );
  return guards.flatMap(({ pid }, index) => (parents[index]?.includes(`PPid:\t${parent}\n`) ? [pid] : []));
}

describe("a conversation", () => {
  test("R7: a task that ends while nothing goes on begins a run; what is half typed stays", async () => {
    const script = await place.script(
      background(until("go")),
      { text: "It runs." },
      { text: "I saw its end." },
    );
    await using terminal = await place.open([...script, "-p", "auto"]);
    terminal.type("start it\r");
    await terminal.waitFor("It runs.");
    await terminal.waitFor("1 in the background: /tasks");
    terminal.type("half a thou");
    await terminal.waitFor("> half a thou");
    await writeFile(join(place.workspace, "go"), "");
    const screen = await terminal.waitFor("I saw its end.");
    expect(screen).toContain("◆ [Notice of a background task");
    expect(screen).toContain("> half a thou");
    terminal.type("ght\r");
    await terminal.waitFor("> half a thought");
  });

  test("a model that begins a new task in each run does not go on for ever", async () => {
    const replies = Array.from({ length: 12 }, (_, index) => [
      background(until(`go-${index}`)),
      { text: `Round ${index}.` },
    ]);
    await using terminal = await place.open([...(await place.script(...replies.flat())), "-p", "auto"]);
    terminal.type("begin\r");
    for (let index = 0; index <= 10; index++) {
      // Only when the run is over: what ends before is told in the same one.
      await terminal.waitFor(new RegExp(`Round ${index}\\.[^]*1 in the background: /tasks`));
      await writeFile(join(place.workspace, `go-${index}`), "");
    }
    await terminal.waitFor(/10 runs in a row began by\s+themselves\./);
    expect(terminal.scrollback()).toContain("Round 10.");
    expect(terminal.scrollback()).not.toContain("Round 11.");
    terminal.type("go on\r");
    await terminal.waitFor("Round 11.");
  });

  test("--no-wake: it is said, and told with the next prompt", async () => {
    const script = await place.script(
      background(until("go")),
      { text: "It runs." },
      { text: "Next answer." },
    );
    await using terminal = await place.open([...script, "-p", "auto", "--no-wake"]);
    terminal.type("start it\r");
    await terminal.waitFor("It runs.");
    await writeFile(join(place.workspace, "go"), "");
    await terminal.waitFor(/told with your next\s+prompt\./);
    terminal.type("go on\r");
    const screen = await terminal.waitFor("Next answer.");
    expect(screen).toContain("◆ [Notice of a background task");
  });

  test("what an earlier process left begins no run: it waits for the next prompt", async () => {
    await place.run([
      "-q",
      "go",
      "-p",
      "auto",
      ...(await place.script(background("sleep 600"), { text: "begun" })),
    ]);
    const script = await place.script({ text: "First answer." }, { text: "Second answer." });
    await using terminal = await place.open(["-c", ...script]);
    await terminal.waitFor(/\n>$/);
    terminal.type("hello\r");
    const screen = await terminal.waitFor("First answer.");
    expect(screen).toMatch(/> hello\s+◆ \[Notice of a background task[\s\S]*First answer\./);
  });

  test("/tasks lists, shows and stops", async () => {
    const script = await place.script(
      background("echo one; echo two; sleep 600"),
      { text: "It runs." },
      { text: "Ok." },
    );
    await using terminal = await place.open([...script, "-p", "auto"]);
    terminal.type("/tasks\r");
    await terminal.waitFor("There are no background tasks.");
    terminal.type("start it\r");
    await terminal.waitFor("It runs.");
    terminal.type("/tasks\r");
    await terminal.waitFor(/shell_1 {2}running {2}echo one/);
    terminal.type("/tasks shell_1\r");
    await terminal.waitFor(/ {2}one\s+two/);
    terminal.type("/tasks stop shell_1\r");
    await terminal.waitFor(/shell_1 {2}cancelled/);
    terminal.type("/tasks nothing\r");
    await terminal.waitFor('There is no background task "nothing". There are: shell_1.');
    // What the person stopped is told with the next prompt, and begins no run by itself.
    terminal.type("hello\r");
    const screen = await terminal.waitFor("Ok.");
    expect(screen).toMatch(/> hello\s+◆ \[Notice of a background task[\s\S]*Ok\./);
    terminal.type("exit\r");
    expect((await terminal.exit).code).toBe(0);
  });
});

describe("claw tasks: from another process", () => {
  test("lists, prints and stops what goes on in a session; the session is told once", async () => {
    const seconds = uniqueSeconds();
    const script = await place.script(background(`echo says this; sleep ${seconds}`), bash(until("go")), {
      text: "done",
    });
    const session = place.start(["-q", "go", "-p", "auto", "--session-id", "s", ...script]);
    await expect
      .poll(async () => (await place.run(["tasks"])).stdout, patience)
      .toMatch(/^s\/shell_1 {2}running {2}echo says this.*\.txt\n$/);
    const { stdout: json } = await place.run(["tasks", "list", "--output-format", "json"]);
    expect(JSON.parse(json)).toMatchObject({ session: "s", id: "shell_1", kind: "shell", status: "running" });
    expect((await place.run(["tasks", "output", "shell_1"])).stdout).toBe("says this\n");
    const unknown = await place.run(["tasks", "stop", "shell_7"]);
    expect(`${unknown.code} ${unknown.stderr}`).toMatch(
      /^1 claw: There is no running task "shell_7"\.\s+Running: s\/shell_1\./,
    );
    const stopped = await place.run(["tasks", "stop", "s/shell_1"]);
    expect(`${stopped.code} ${stopped.stdout}${stopped.stderr}`).toBe("0 Stopped s/shell_1.\n");
    expect(await processesWithMarker(seconds)).toEqual([]);
    await writeFile(join(place.workspace, "go"), "");
    expect((await session.exit).code).toBe(0);
    const { stdout: events } = await place.run(["sessions", "export", "s"]);
    expect(times(events, notice)).toBe(1);
    expect(times(events, "(ended by SIGTERM)")).toBe(2); // the edge and the message
    const { stdout, stderr } = await place.run(["tasks"]);
    expect(`${stdout}${stderr}`).toBe("Nothing goes on in the background of this folder's sessions.\n");
  });

  test("what its journal calls running is not listed when no process has the session open", async () => {
    const script = await place.script(background("sleep 600"), { text: "waiting", delayMs: 60_000 });
    const claw = place.start(["-q", "go", "-p", "auto", ...script]);
    await expect.poll(async () => (await place.run(["tasks"])).stdout, patience).toContain("shell_1");
    claw.child.kill("SIGKILL");
    await claw.exit;
    expect((await place.run(["tasks"])).stdout).toBe("");
  });

  test("a watch has no process to stop, and words that are none are usage", async () => {
    const script = await place.script(
      background("sleep 600"),
      { toolCalls: [{ name: "Monitor", input: { task_id: "shell_1", pattern: "never" } }] },
      { text: "waiting", delayMs: 60_000 },
    );
    const claw = place.start(["-q", "go", "-p", "auto", ...script]);
    await expect.poll(async () => (await place.run(["tasks"])).stdout, patience).toContain("watch_2");
    const stop = await place.run(["tasks", "stop", "watch_2"]);
    expect(`${stop.code} ${stop.stderr}`).toMatch(
      /^1 claw: The task "watch_2" has no process.*\n.*\/tasks stop ID/,
    );
    expect((await place.run(["tasks", "output", "watch_2"])).stderr).toContain("has said nothing yet");
    for (const words of [["stop"], ["stpo", "x"], ["list", "x"], ["output", "a", "b"]])
      expect((await place.run(["tasks", ...words])).code).toBe(2);
    claw.child.kill("SIGTERM");
    await claw.exit;
  });
});
