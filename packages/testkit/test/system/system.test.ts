import { spawn } from "node:child_process";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { counterServer, processesWithMarker, runProgram, temporaryFolder, waitUntil } from "@claw/testkit";
import { expect, test } from "vitest";

const path = process.env["PATH"] ?? "/usr/bin:/bin";

test("a temporary folder is private, fresh, and gone afterwards with all in it", async () => {
  let seen = "";
  {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    seen = folder.path;
    expect(other.path).not.toBe(seen);
    expect((await stat(seen)).mode & 0o777).toBe(0o700);
    await writeFile(join(seen, "file"), "x");
  }
  await expect(stat(seen)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a program's code and both outputs are told apart", async () => {
  const result = await runProgram({ argv: ["bash", "-c", "echo out; echo err >&2; exit 3"] });
  expect(result).toEqual({ code: 3, signal: null, stdout: "out\n", stderr: "err\n" });
});

test("no shell comes between: arguments arrive as they are", async () => {
  const argument = "$(echo no) 'x' \"y\" ; *";
  expect((await runProgram({ argv: ["printf", "%s", argument] })).stdout).toBe(argument);
});

test("input is handed over and then closed; without input there is none", async () => {
  expect((await runProgram({ argv: ["cat"], input: "你好\n" })).stdout).toBe("你好\n");
  expect((await runProgram({ argv: ["cat"] })).stdout).toBe("");
  expect((await runProgram({ argv: ["true"], input: "x".repeat(1_000_000) })).code).toBe(0);
});

test("the environment is exactly the one that was given", async () => {
  const { stdout } = await runProgram({ argv: ["env"], env: { PATH: path, ONE: "1" } });
  expect(stdout).toContain("ONE=1");
  expect(stdout).not.toContain("HOME=");
});

test("a program that ends by a signal says so", async () => {
  expect(await runProgram({ argv: ["bash", "-c", "kill -TERM $$"] })).toMatchObject({
    code: null,
    signal: "SIGTERM",
  });
});

test("a program that takes too long is killed with its children, and what it said is shown", async () => {
  const marker = `claw-run-${process.pid}-slow`;
  const running = runProgram({
    argv: ["bash", "-c", "echo begun; sleep 1000 & sleep 1000"],
    env: { PATH: path, MARKER: marker },
    timeoutMs: 2000,
  });
  await expect(running).rejects.toThrow(/did not end within 2000 ms.*begun/s);
  await waitUntil(async () => (await processesWithMarker(marker)).length === 0);
});

test("a program that says too much is killed", async () => {
  await expect(runProgram({ argv: ["yes"], maxBytes: 100_000 })).rejects.toThrow(/more than 100000 bytes/);
});

test("P4: a child that keeps the outputs open does not delay the result", async () => {
  const marker = `claw-run-${process.pid}-keeper`;
  const result = await runProgram({
    argv: ["bash", "-c", "sleep 1000 & echo hi"],
    env: { PATH: path, MARKER: marker },
  });
  expect(result.stdout).toBe("hi\n");
  for (const { pid } of await processesWithMarker(marker)) process.kill(pid, "SIGKILL");
});

test("a program that does not exist is an error", async () => {
  await expect(runProgram({ argv: ["claw-no-such-program"] })).rejects.toMatchObject({ code: "ENOENT" });
});

test("processes are found by environment and by command line", async () => {
  const marker = `claw-marked-${process.pid}`;
  const byEnvironment = spawn("sleep", ["1000"], { env: { PATH: path, MARKER: marker } });
  const byCommand = spawn("bash", ["-c", `sleep 1000; : ${marker}`], { env: { PATH: path } });
  try {
    await waitUntil(async () => (await processesWithMarker(marker)).length === 2);
    const found = await processesWithMarker(marker);
    expect(found.map((one) => one.pid).sort()).toEqual([byEnvironment.pid, byCommand.pid].sort());
    expect(found.map((one) => one.command)).toContain("sleep 1000");
  } finally {
    byEnvironment.kill("SIGKILL");
    byCommand.kill("SIGKILL");
  }
  await waitUntil(async () => (await processesWithMarker(`${marker}`)).length === 0);
});

test("waiting for a condition asks until it holds, or says that it did not", async () => {
  let asked = 0;
  await waitUntil(() => {
    asked += 1;
    return asked === 3;
  });
  expect(asked).toBe(3);
  await expect(waitUntil(() => false, { timeoutMs: 10 })).rejects.toThrow("within 10 ms");
  await expect(waitUntil(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("the counter server counts by path and answers as told", async () => {
  await using server = await counterServer((asked) => ({ status: asked === "/no" ? 404 : 200, body: asked }));
  expect(await (await fetch(`${server.url}/a?x=1`)).text()).toBe("/a");
  await fetch(`${server.url}/a`, { method: "POST", body: "x" });
  expect((await fetch(`${server.url}/no`)).status).toBe(404);
  expect([server.count("/a"), server.count("/no"), server.count("/b"), server.count()]).toEqual([2, 1, 0, 3]);
  await server.close();
  await expect(fetch(server.url)).rejects.toThrow();
});
