import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

test("claw policy decide: a decision or an error for each line, in order, and nothing is changed", async () => {
  const cwd = place.workspace;
  await mkdir(join(cwd, "inside"));
  await writeFile(join(cwd, "inside", "a"), "");
  await symlink("/etc", join(cwd, "out"));
  const base = { cwd, home: place.env["HOME"], workspace: "trusted", mode: "default", rules: {} };
  const cases = [
    { id: 1, ...base, tool: "Read", input: { file_path: "inside/a" } },
    { id: 2, ...base, tool: "Read", input: { file_path: "out/passwd" } },
    { id: 3, ...base, lexical: true, tool: "Read", input: { file_path: "out/passwd" } },
    { id: 4, ...base, tool: "Bash", input: { command: "touch made" } },
  ];
  const lines = cases.map((one) => JSON.stringify(one));
  const { code, stdout, stderr } = await place.run(["policy", "decide"], {
    input: `${lines[0]}\nbroken\n\n${lines.slice(1).join("\n")}`,
  });
  expect(stderr).toBe("");
  expect(code).toBe(1);
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
    [1, "allow"],
    [undefined, undefined],
    [2, "ask"],
    [3, "allow"],
    [4, "ask"],
  ]);
  expect(answers[1].error.code).toBe("case-invalid");
  const good = await place.run(["policy", "decide"], { input: lines.join("\n") });
  expect(good).toMatchObject({ code: 0, stderr: "" });
  expect(await place.run(["policy", "decide"], { input: "" })).toMatchObject({ code: 0, stdout: "" });
});

test("claw policy: what it does not know is wrong usage", async () => {
  const { code, stdout, stderr } = await place.run(["policy", "decid"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("policy decid is not a command. Did you mean decide?");
});
