import { readdir } from "node:fs/promises";
import { type ProgramResult, runProgram } from "@claw/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClawPlace, clawFile, clawPlace, jsonLines } from "./run-claw.ts";

let place: ClawPlace;
beforeEach(async () => {
  place = await clawPlace();
});
afterEach(() => place[Symbol.asyncDispose]());

const bash = (command: string) => ({ toolCalls: [{ name: "Bash", input: { command } }] });

/** Runs the program where no namespace can be created, as in many containers; `undefined` where that cannot be had. */
async function withoutNamespaces(args: readonly string[]): Promise<ProgramResult | undefined> {
  const script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
  const run = (...command: readonly string[]): Promise<ProgramResult> =>
    runProgram({
      argv: ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", ...command],
      cwd: place.workspace,
      env: place.env,
    });
  if ((await run("true")).code !== 0) return undefined;
  return run(process.execPath, clawFile, ...args);
}

test("the first line of stream-json and the doctor say how commands are confined", async () => {
  const script = await place.script({ text: "done" });
  for (const [args, states] of [
    [[], ["disabled"]],
    [["--sandbox"], ["full", "network-only", "unavailable"]],
  ] as const) {
    const { stdout } = await place.run(["-q", "x", "--output-format", "stream-json", ...args, ...script]);
    const [first] = jsonLines(stdout);
    expect(states).toContain((first as { sandbox: { state: string } }).sandbox.state);
  }
  const { stdout } = await place.run(["doctor", "--sandbox", "--output-format", "json"]);
  expect(jsonLines(stdout)).toContainEqual(expect.objectContaining({ name: "sandbox" }));
  expect((await place.run(["doctor"])).stdout).toMatch(/sandbox: off/);
});

test("--sandbox: a command runs held, without a question where that is possible; its failure is explained", async () => {
  const script = await place.script(bash("echo in > made; echo out > /etc/claw-out"), { text: "done" });
  const { stdout, stderr } = await place.run([
    "-q",
    "x",
    "--sandbox",
    "--output-format",
    "stream-json",
    ...script,
  ]);
  const [first, ...events] = jsonLines(stdout);
  const state = (first as { sandbox: { state: string } }).sandbox.state;
  if (state !== "full") {
    expect(stderr).toContain("sandbox");
    expect(await readdir(place.workspace)).toEqual([]);
    return;
  }
  expect(JSON.stringify(events)).toContain("Sandbox: only the workspace");
  expect(await readdir(place.workspace)).toEqual(["made"]);
});

test("rank 22: where namespaces are off, it is said at the start, and required refuses commands in every mode", async () => {
  const script = await place.script(bash("echo x > made"), { text: "done" });
  const required = await withoutNamespaces(["-q", "x", "--sandbox=required", "-p", "auto", ...script]);
  if (required === undefined) return;
  expect(required.stderr).toContain("commands are refused: User namespaces are switched off here.");
  expect(await readdir(place.workspace)).toEqual([]);
  const asked = await withoutNamespaces(["-q", "x", "--sandbox", ...script]);
  expect(asked?.stderr).toContain("commands are asked about as without it");
  expect(asked?.stderr).toContain("Nobody could be asked");
  expect(await readdir(place.workspace)).toEqual([]);
  const doctor = await withoutNamespaces(["doctor", "--sandbox=required"]);
  expect(doctor?.stdout).toContain("✗ sandbox: unavailable");
});

test("a terminal shows the state at the start, and in each question about a command", async () => {
  const script = await place.script(bash("rm -rf ."), { text: "done" });
  await using terminal = await place.open(["--sandbox", ...script]);
  await terminal.waitFor(/sandbox (full|network-only|unavailable)/);
  terminal.type("go\r");
  await terminal.waitFor("asks for permission");
  const state = /sandbox (\S+)/.exec(terminal.screen())?.[1];
  if (state === "full") expect(terminal.screen()).toContain("in the sandbox");
});
