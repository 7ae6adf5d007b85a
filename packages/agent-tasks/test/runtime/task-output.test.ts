import fc from "fast-check";
import { expect, test } from "vitest";
import { type TaskOutput, taskOutput } from "../../src/runtime/task-output.ts";

const output = (ringBytes = 1_000_000): TaskOutput =>
  taskOutput({
    task: "shell_1",
    ringBytes,
    spill: undefined,
    onFile: () => undefined,
    onOutput: () => undefined,
  });

test("P8, task_output_incremental: pieces cut anywhere, looked at any time, add up to the text", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()), { minLength: 1, maxLength: 40 }),
      async (text, steps) => {
        const bytes = new TextEncoder().encode(text);
        const task = output();
        let seen = "";
        let next = 0;
        const look = (): void => {
          const slice = task.read(next);
          expect(slice.missed).toBe(0);
          seen += slice.text;
          next = slice.next;
        };
        let at = 0;
        for (const [size, looks] of steps) {
          await task.write(bytes.subarray(at, at + size));
          at += size;
          if (looks) look();
        }
        await task.write(bytes.subarray(at));
        await task.close();
        look();
        expect(seen).toBe(new TextDecoder().decode(bytes));
      },
    ),
  );
});

test("P8: what is gone from memory is counted, and the rest begins with a whole character", async () => {
  const task = output(10);
  await task.write("€".repeat(10));
  expect(task.read(0)).toEqual({ text: "€€€", next: 30, missed: 21 });
});

test("P6: after the end nothing is taken", async () => {
  const task = output();
  await task.write("in time");
  await task.close();
  await task.write("too late");
  expect(task.read(0).text).toBe("in time");
});

test("a file store that breaks its promise costs the file, not the output", async () => {
  const task = taskOutput({
    task: "shell_1",
    ringBytes: 100,
    spill: { open: () => Promise.reject(new Error("no disk")) },
    onFile: () => undefined,
    onOutput: () => undefined,
  });
  await task.write("kept");
  await task.close();
  expect(task.read(0).text).toBe("kept");
});
