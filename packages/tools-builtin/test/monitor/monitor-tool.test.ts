import { expect, test } from "vitest";
import { taskHarness } from "../task-harness.ts";

const background = (command: string) => ({ command, run_in_background: true });

test("the first line that matches wakes: the call returns at once, a message tells the line once", async () => {
  const { call, news, ended, tasks, gate } = taskHarness();
  const { wait, go } = gate();
  await call("Bash", background(`echo starting; ${wait}; echo listening on 4711; sleep 600`));
  const { text } = await call("Monitor", { task_id: "shell_1", pattern: "listening on \\d+" });
  expect(text).toContain("watch_2 watches shell_1.");
  expect(news()).toEqual([]);
  await go();
  await ended("watch_2");
  expect(news()).toEqual([expect.stringContaining("completed")]);
  expect(tasks.get("watch_2")?.summary).toBe("this line came: listening on 4711");
  expect(tasks.get("shell_1")?.status).toBe("running");
});

test("a line that came before the call counts while it was not shown, and not after", async () => {
  const { call, said, ended, tasks } = taskHarness();
  await call("Bash", background("echo ready; sleep 600"));
  await said("shell_1", "ready");
  await call("Monitor", { task_id: "shell_1", pattern: "^ready$" });
  await ended("watch_2");
  expect(tasks.get("watch_2")?.status).toBe("completed");
  await call("TaskOutput", { task_id: "shell_1", block: false });
  await call("Monitor", { task_id: "shell_1", pattern: "^ready$", timeout: 200 });
  await ended("watch_3");
  expect(tasks.get("watch_3")).toMatchObject({ status: "failed", summary: "no line matched within 200 ms." });
});

test("the end of what is watched ends the watch: its last line counts without a line break", async () => {
  const { call, ended, tasks } = taskHarness();
  await call("Bash", background("sleep 0.1; printf 'the end'"));
  await call("Monitor", { task_id: "shell_1", pattern: "^the end$" });
  await call("Monitor", { task_id: "shell_1", pattern: "never" });
  await ended("watch_2");
  await ended("watch_3");
  expect(tasks.get("watch_2")?.status).toBe("completed");
  expect(tasks.get("watch_3")).toMatchObject({
    status: "failed",
    summary: "shell_1 ended and no line matched.",
  });
});

test("a watch is a task that can be stopped; patterns and tasks that are none are said", async () => {
  const { call, tasks } = taskHarness();
  await call("Bash", background("sleep 600"));
  await call("Monitor", { task_id: "shell_1", pattern: "x" });
  await call("TaskStop", { task_id: "watch_2" });
  expect(tasks.get("watch_2")?.status).toBe("cancelled");
  expect((await call("Monitor", { task_id: "shell_1", pattern: "(?<=x)y" })).outcome).toMatchObject({
    error: { code: "invalid-input" },
  });
  expect((await call("Monitor", { task_id: "shell_7", pattern: "x" })).outcome.status).toBe("failed");
});

test("a flood is watched without holding up anything", async () => {
  const { call, tasks, ended } = taskHarness();
  await call("Bash", background("yes no | head -n 20000000; echo yes at last"));
  await call("Monitor", { task_id: "shell_1", pattern: "^yes" });
  await ended("shell_1");
  await ended("watch_2");
  expect(tasks.get("watch_2")).toMatchObject({ status: "completed" });
});
