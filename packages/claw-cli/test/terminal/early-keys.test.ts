import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openConsole } from "../../src/terminal/console.ts";
import type { Key } from "../../src/terminal/key.ts";
import { plainPaint } from "../../src/terminal/paint.ts";
import { select } from "../../src/terminal/select.ts";

const never = new AbortController().signal;
const choices = [
  { label: "No", value: "no" },
  { label: "Yes", value: "yes" },
];

test("class 19: what was typed before a question is no answer to it, and waits for the prompt", async () => {
  const input = new PassThrough();
  const terminal = openConsole(input, new PassThrough(), plainPaint);
  const typed = once(input, "keypress");
  input.write("2");
  await typed;
  const answer = select(terminal, { choices, leavesEarlyKeys: true }, never);
  input.write("1");
  expect(await answer).toEqual({ values: ["no"] });
  const keys: Key[] = [];
  await new Promise<void>((resolve) => {
    terminal.open({
      view: () => ({ rows: [] }),
      onKey: (key) => {
        keys.push(key);
        resolve();
      },
      onEnd: () => undefined,
    });
  });
  expect(keys).toMatchObject([{ text: "2" }]);
  terminal.close();
});
