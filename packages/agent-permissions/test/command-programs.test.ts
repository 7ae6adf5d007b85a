import { commandPrograms } from "@claw/agent-permissions";
import { expect, test } from "vitest";

test.each([
  ["npm test", ["npm"]],
  ["make -j4 && ./run.sh | tee log", ["make", "run.sh", "tee"]],
  ["cd sub; FOO=1 /usr/bin/python3 serve.py > out 2>&1", ["cd", "python3"]],
  ["for i in 1 2; do sleep 5; done", ["sleep"]],
  ["echo $(git status)", ["echo", "git"]],
  ["sudo nice -n 5 sleep 60", ["sudo", "nice", "sleep"]],
  ["bash -c 'sleep 60; git fetch'", ["bash", "sleep", "git"]],
  ["X=1", []],
])("%s", async (command, programs) => {
  expect(await commandPrograms(command, "/home/me")).toEqual(expect.arrayContaining(programs));
  if (programs.length === 0) expect(await commandPrograms(command, "/home/me")).toEqual([]);
});

test.each([
  "$tool run",
  "if then",
  "eval $x",
  "f() { sleep 1; }; f",
  'bash -c "$script"',
  "echo $((1 + $(x)))",
])("cannot be told: %s", async (command) => {
  expect(await commandPrograms(command, "/home/me")).toBeUndefined();
});
