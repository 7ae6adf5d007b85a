import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClawPlace, clawPlace } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
  await mkdir(join(place.workspace, ".git"));
  await mkdir(join(place.workspace, "src"));
  await writeFile(join(place.workspace, "AGENTS.md"), "Write in verse.\n");
  await writeFile(join(place.workspace, "src", "CLAUDE.md"), "Source rules.\n");
});
afterEach(() => place[Symbol.asyncDispose]());

test("claw instructions prints the chain with bytes and reasons, for the session and for a file", async () => {
  await mkdir(place.home, { recursive: true });
  await writeFile(join(place.home, "AGENTS.md"), "Mine. @gone.md");
  const { stdout, code } = await place.run(["instructions"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^29 bytes of instructions for every session here, the strongest last:\n/);
  expect(stdout).toMatch(/\n +14 {2}\S+\/AGENTS\.md {2}\(yours\)\n +15 {2}\S+\/AGENTS\.md {2}\(of \S+\)\n/);
  expect(stdout).toMatch(/Not sent:\n {2}\S+gone\.md: \S+ imports it, and it is not there\n$/);
  const below = await place.run(["instructions", "src/x.ts"]);
  expect(below.stdout).toMatch(
    /^13 bytes of instructions for src\/x\.ts, besides [^\n]+\n +13 {2}\S+CLAUDE\.md/,
  );
  const json = JSON.parse((await place.run(["instructions", "--output-format", "json"])).stdout);
  expect(json).toMatchObject({
    enabled: true,
    files: [{ text: "Mine. @gone.md" }, { text: "Write in verse." }],
  });
  expect((await place.run(["instructions", "a", "b"])).code).toBe(2);
  expect((await place.run(["instructions", "--no-instructions"])).stdout).toBe(
    "Instructions are switched off.\n",
  );
});

test("a query begins with them, tells of them with --verbose, and not with --no-instructions", async () => {
  const script = await place.script({ text: "done" });
  const events = async (...flags: readonly string[]) =>
    (await place.run(["-q", "x", "--output-format", "stream-json", ...flags, ...script])).stdout;
  expect(await events()).toContain("Write in verse.");
  expect(await events("--no-instructions")).not.toContain("Write in verse.");
  const told = await place.run(["-q", "x", "--verbose", ...script]);
  expect(told).toMatchObject({ code: 0, stdout: "done\n" });
  expect(told.stderr).toMatch(/◆ Instructions: \S+AGENTS\.md/);
  expect((await place.run(["doctor"])).stdout).toMatch(/instructions: 15 bytes of 1 file/);
});
