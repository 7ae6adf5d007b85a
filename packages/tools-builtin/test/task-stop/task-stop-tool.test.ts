import { expect, test } from "vitest";
import { countRunning, uniqueSeconds } from "../bash/bash-harness.ts";
import { taskHarness } from "../task-harness.ts";

const background = (command: string) => ({ command, run_in_background: true });

test("task_stop_kills_tree, rank 5: 200 nested spawns with double fork, setsid and nohup: none survives", async () => {
  const { call, said, news } = taskHarness();
  const seconds = uniqueSeconds();
  const command = `
    for i in $(seq 50); do
      sleep ${seconds} &
      nohup sleep ${seconds} >/dev/null 2>&1 &
      setsid sleep ${seconds} >/dev/null 2>&1 &
      (setsid bash -c "(sleep ${seconds} &)" >/dev/null 2>&1 &)
    done
    until [ $(pgrep -cxf "sleep ${seconds}") -ge 200 ]; do sleep 0.1; done
    echo all there
    wait`;
  await call("Bash", background(command));
  await said("shell_1", "all there");
  expect(countRunning(seconds)).toBeGreaterThanOrEqual(200);
  const { text, outcome } = await call("TaskStop", { task_id: "shell_1" });
  expect(countRunning(seconds)).toBe(0);
  expect(outcome).toMatchObject({ status: "ok", details: { status: "cancelled" } });
  expect(text).toContain("it was stopped, and all that it started");
  expect(news()).toEqual([]);
});

test("P2, P6: what ignores SIGTERM is killed, and what it says then is dropped", async () => {
  const { call, said } = taskHarness();
  await call("Bash", background("trap 'echo too late' TERM; echo before; while :; do sleep 0.05; done"));
  await said("shell_1", "before");
  expect((await call("TaskStop", { task_id: "shell_1" })).text).toContain("cancelled");
  const { text } = await call("TaskOutput", { task_id: "shell_1" });
  expect(text).toContain("before");
  expect(text).not.toContain("\ntoo late");
});

test("one that has ended already stays what it was, and an unknown one is said", async () => {
  const { call, ended } = taskHarness();
  await call("Bash", background("exit 2"));
  await ended("shell_1");
  expect((await call("TaskStop", { task_id: "shell_1" })).text).toMatch(
    /^It had ended already\.\nshell_1 .*: failed, .* exit code 2$/,
  );
  expect((await call("TaskStop", { task_id: "nothing" })).outcome.status).toBe("failed");
});

test("the end of one is told by a message where the call that stopped it was cancelled", async () => {
  const { call, ended, tasks, news } = taskHarness();
  const cancel = new AbortController();
  const { id } = tasks.start({
    kind: "shell",
    title: "takes its time to stop",
    start: (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          cancel.abort();
          setImmediate(() => resolve({ status: "cancelled", summary: "stopped" }));
        });
      }),
  });
  await call("TaskStop", { task_id: id }, cancel.signal);
  await ended(id);
  expect(news()).toEqual([expect.stringContaining(id)]);
});
