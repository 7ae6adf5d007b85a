import { describe, expect, test } from "vitest";
import { taskHarness } from "../task-harness.ts";
import { countRunning, uniqueSeconds } from "./bash-harness.ts";

describe("run_in_background", () => {
  test("R7: the call returns at once and says how to look; its end is told once", async () => {
    const { call, news, ended } = taskHarness();
    const { outcome, text } = await call("Bash", { command: "echo one; echo two", run_in_background: true });
    expect(outcome).toMatchObject({ status: "ok", details: { task: "shell_1" } });
    expect(text).toMatch(/^Runs in the background as shell_1\. .*TaskOutput.*Monitor.*TaskStop/);
    await ended("shell_1");
    expect(news()).toEqual([
      expect.stringMatching(/shell_1 \(shell: echo one; echo two\) completed after .* s: exit code 0/),
    ]);
    expect(news()).toEqual([]);
  });

  test("R6: an exit code, a signal and a start that fails are failures that say so", async () => {
    const { call, news, ended } = taskHarness();
    await call("Bash", { command: "exit 3", description: "Fail on purpose", run_in_background: true });
    await ended("shell_1");
    expect(news()[0]).toContain("shell_1 (shell: Fail on purpose) failed");
    await call("Bash", { command: "kill -KILL $$", run_in_background: true });
    await ended("shell_2");
    expect(news()[0]).toContain("exit code 137 (ended by SIGKILL)");
    const broken = taskHarness({ bash: { shell: "/nonexistent/bash" } });
    await broken.call("Bash", { command: "true", run_in_background: true });
    await broken.ended("shell_1");
    expect(broken.news()[0]).toContain('failed after 0 s: The program "/nonexistent/bash" does not exist.');
  });

  test("the end of the call's run does not stop it, and waits for a turn are said", async () => {
    const { call, tasks } = taskHarness({ runtime: { maxRunning: 1 } });
    const run = new AbortController();
    await call("Bash", { command: "sleep 600", run_in_background: true }, run.signal);
    const { text } = await call("Bash", { command: "sleep 600", run_in_background: true }, run.signal);
    expect(text).toContain("Waits for its turn in the background as shell_2.");
    run.abort();
    expect(tasks.list().map(({ status }) => status)).toEqual(["running", "pending"]);
  });
});

describe("a foreground command that passes its limit", () => {
  const bash = { mayMove: (command: string) => !command.startsWith("sleep") };

  test("goes on as a task with what it says from then on, when it may", async () => {
    const { call, said, tasks } = taskHarness({ bash });
    const command = "echo early; until [ -e go ]; do read -t 0.05 <> <(:); echo late; done";
    const { outcome, text } = await call("Bash", { command, timeout: 300 });
    expect(outcome).toMatchObject({ status: "ok", details: { task: "shell_1" } });
    expect(text).toMatch(/^Not done after 300 ms: it goes on in the background as shell_1\./);
    expect(text).toContain("Output until now:\nearly\n");
    await said("shell_1", "late");
    expect(tasks.output("shell_1", 0).text).not.toContain("early");
    const { text: stopped } = await call("TaskStop", { task_id: "shell_1" });
    expect(stopped).toContain("cancelled");
  });

  test("T2: ends as before when it may not, and leaves nothing", async () => {
    const { call, tasks } = taskHarness({ bash });
    const seconds = uniqueSeconds();
    const { outcome } = await call("Bash", { command: `sleep ${seconds}`, timeout: 100 });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "timed-out" } });
    expect(tasks.list()).toEqual([]);
    expect(countRunning(seconds)).toBe(0);
  });

  test("does not move when it is done in time, fails, or is cancelled", async () => {
    const { call, tasks } = taskHarness({ bash });
    expect((await call("Bash", { command: "echo quick; exit 4" })).text).toBe("Exit code 4\nquick\n");
    const stop = new AbortController();
    const seconds = uniqueSeconds();
    const running = call("Bash", { command: `bash -c 'sleep ${seconds}; :'` }, stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await running).outcome.status).toBe("cancelled");
    expect(tasks.list()).toEqual([]);
    await expect.poll(() => countRunning(seconds), { timeout: 10_000 }).toBe(0);
  });
});
