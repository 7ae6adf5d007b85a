import { describe, expect, test } from "vitest";
import { taskHarness } from "../task-harness.ts";

const background = (command: string) => ({ command, run_in_background: true });

test("task_output_incremental: each look shows what is new since the last one, and only that", async () => {
  const { call, said, ended, gate } = taskHarness();
  const { wait, go } = gate();
  await call("Bash", background(`echo first; ${wait}; echo second`));
  await said("shell_1", "first");
  const look = (more: object = {}) => call("TaskOutput", { task_id: "shell_1", block: false, ...more });
  expect((await look()).text).toMatch(/^shell_1 \(shell: .*\): running, .* s\nfirst\n$/);
  expect((await look()).text).toMatch(/running.*\n\(no new output\)$/);
  await go();
  await ended("shell_1");
  expect((await look()).text).toMatch(/: completed, .* s: exit code 0\nsecond\n$/);
  expect((await look()).text).toMatch(/\n\(no new output\)$/);
});

test("a look that is cancelled takes nothing away: the next one shows it, and the end is told", async () => {
  const { call, said, ended, news, tasks } = taskHarness();
  let end = (): void => undefined;
  tasks.start({
    kind: "shell",
    title: "speaks",
    start: async (output) => {
      await output("precious\n");
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return { status: "completed", summary: "ended" };
    },
  });
  await said("shell_1", "precious");
  const cancel = new AbortController();
  const waits = new Promise<void>((resolve) => {
    const { wait } = tasks;
    Object.assign(tasks, {
      wait: (...args: Parameters<typeof wait>) => {
        resolve();
        return wait(...args);
      },
    });
  });
  const looking = call("TaskOutput", { task_id: "shell_1", timeout: 60_000 }, cancel.signal);
  await waits;
  // The end comes in the same moment.
  tasks.onChange(() => cancel.abort());
  end();
  await looking;
  await ended("shell_1");
  expect(news()).toEqual([expect.stringContaining("completed")]);
  expect((await call("TaskOutput", { task_id: "shell_1" })).text).toContain("\nprecious\n");
});

test("it waits for the end, within timeout, and an end that was seen is not told again", async () => {
  const { call, news } = taskHarness();
  await call("Bash", background("sleep 0.2; echo done"));
  const { text } = await call("TaskOutput", { task_id: "shell_1", timeout: 60_000 });
  expect(text).toMatch(/completed.*\ndone\n$/);
  expect(news()).toEqual([]);
  await call("Bash", background("sleep 600"));
  expect((await call("TaskOutput", { task_id: "shell_2", block: true, timeout: 20 })).text).toContain(
    "running",
  );
  await call("TaskStop", { task_id: "shell_2" });
});

describe("filter", () => {
  test("shows the lines that match and passes over the others", async () => {
    const { call, ended } = taskHarness();
    await call("Bash", background("printf 'ok 1\\nerror: a\\nok 2\\nerror: b'"));
    await ended("shell_1");
    const { text } = await call("TaskOutput", { task_id: "shell_1", filter: "^error: [ab]$" });
    expect(text.split("\n").slice(1)).toEqual(["error: a", "error: b", ""]);
    expect((await call("TaskOutput", { task_id: "shell_1", filter: "ok" })).text).toContain(
      "(no new lines that match)",
    );
  });

  test("waits with a line that still goes on until it is whole", async () => {
    const { call, said, ended, gate } = taskHarness();
    const { wait, go } = gate();
    await call("Bash", background(`printf 'error: be'; ${wait}; echo low`));
    await said("shell_1", "error: be");
    const filtered = { task_id: "shell_1", block: false, filter: "low" };
    expect((await call("TaskOutput", filtered)).text).toContain("(no new lines that match)");
    await go();
    await ended("shell_1");
    expect((await call("TaskOutput", filtered)).text).toContain("\nerror: below\n");
  });

  test("W14: a pattern that would take for ever elsewhere takes no time, one that is none is said", async () => {
    const { call, ended } = taskHarness();
    await call("Bash", background(`head -c 9000 /dev/zero | tr '\\0' a; echo b`));
    await ended("shell_1");
    expect((await call("TaskOutput", { task_id: "shell_1", filter: "^(a+)+$" })).text).toContain(
      "no new lines",
    );
    const { outcome, text } = await call("TaskOutput", { task_id: "shell_1", filter: "(" });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
    expect(text).toContain('"(" is no usable pattern');
  });
});

test("P7: of much output it shows head and tail, says what memory lost, and names the file", async () => {
  const kept: Uint8Array[] = [];
  const spill = {
    open: async () => ({
      path: "/spill/shell_1.txt",
      write: async (bytes: Uint8Array) => {
        kept.push(Uint8Array.from(bytes));
      },
      close: async () => ({ path: "/spill/shell_1.txt", kept: 0, dropped: 0 }),
    }),
  };
  const { call, ended } = taskHarness({ runtime: { spill, ringBytes: 100_000 } });
  await call("Bash", background("seq 100000"));
  await ended("shell_1");
  const { text, outcome } = await call("TaskOutput", { task_id: "shell_1" });
  expect(text).toContain("bytes before this are no longer in memory. All of it is in /spill/shell_1.txt.]");
  expect(text).toContain("\n100000\n");
  expect(text.length).toBeLessThan(32_000);
  expect(outcome).toMatchObject({ details: { outputBytes: 588_895, outputPath: "/spill/shell_1.txt" } });
  expect(Buffer.concat(kept).length).toBe(588_895);
});

test("P7: of more than a file holds it says how much of the beginning the file has, and so does the notice", async () => {
  const spill = {
    open: async () => ({
      path: "/spill/shell_1.txt",
      write: async () => undefined,
      close: async () => ({ path: "/spill/shell_1.txt", kept: 1_000, dropped: 587_895 }),
    }),
  };
  const { call, ended, tasks, news } = taskHarness({ runtime: { spill, ringBytes: 100_000 } });
  await call("Bash", background("seq 100000; exit 3"));
  await ended("shell_1");
  const place = "the first 1000 bytes are in /spill/shell_1.txt.";
  const { text } = await call("TaskOutput", { task_id: "shell_1" });
  expect(text).toContain(`no longer in memory. T${place.slice(1)}]`);
  await call("Bash", background("seq 100000"));
  await ended("shell_2");
  expect(tasks.get("shell_2")).toMatchObject({ outputDropped: 587_895 });
  expect(news()).toEqual([expect.stringContaining(`588895 bytes of output, ${place}`)]);
});

test("a task that is not there is said with those that are", async () => {
  const { call } = taskHarness();
  expect((await call("TaskOutput", { task_id: "shell_9" })).text).toBe(
    'There is no background task "shell_9". There are none.',
  );
  await call("Bash", background("true"));
  expect((await call("TaskOutput", { task_id: "x" })).text).toContain("There are: shell_1.");
});
