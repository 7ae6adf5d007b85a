import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FaultError } from "@claw/agent-core";
import { startProcess } from "@claw/agent-tasks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHost } from "./run-host.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "claw-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function faultOf(argv: readonly [string, ...string[]], cwd = folder): Promise<string> {
  const thrown: unknown = await startProcess({ argv, cwd }, new AbortController().signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!FaultError.isInstance(thrown)) throw new Error(`expected a FaultError, got ${String(thrown)}`);
  expect(thrown.fault.code).toBe("cannot-start");
  return thrown.fault.message;
}

describe("P11: a start that fails says why", () => {
  test("a program that is not on PATH", async () => {
    expect(await faultOf(["no-such-program"])).toMatch(
      /^The program "no-such-program" was not found on PATH/,
    );
  });

  test("a program that does not exist", async () => {
    expect(await faultOf(["/no/such/program"])).toBe('The program "/no/such/program" does not exist.');
  });

  test("a working folder that was removed", async () => {
    const gone = join(folder, "gone");
    await mkdir(gone);
    await rm(gone, { recursive: true });
    expect(await faultOf(["true"], gone)).toBe(`The working folder "${gone}" does not exist.`);
  });

  test("a working folder that is a file", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    expect(await faultOf(["true"], file)).toBe(`The working folder "${file}" is not a folder.`);
  });

  test("a file without permission to execute, and a folder", async () => {
    const file = join(folder, "plain");
    await writeFile(file, "text");
    expect(await faultOf([file])).toBe(`"${file}" may not be executed.`);
    expect(await faultOf([folder])).toBe(`"${folder}" may not be executed.`);
  });

  test("a script whose interpreter is missing", async () => {
    const script = join(folder, "script");
    await writeFile(script, "#!/no/such/interpreter\n");
    await chmod(script, 0o755);
    expect(await faultOf([script])).toContain("the interpreter that its first line names does not exist");
  });

  test("an argument of 200 kB (E2BIG)", async () => {
    expect(await faultOf(["echo", "x".repeat(200_000)])).toContain("(200006 bytes of arguments) are larger");
  });

  test("a NUL in an argument", async () => {
    expect(await faultOf(["echo", "a\0b"])).toContain("NUL");
  });

  test("an empty program name", async () => {
    expect(await faultOf([""])).toContain("could not be started");
  });

  test("no descriptor left (EMFILE), and the host goes on", async () => {
    const { stdout } = await runHost("emfile", { shellPrefix: "ulimit -n 40;" });
    expect(JSON.parse(stdout)).toEqual({
      failed: '"echo" could not be started: too many files are open (EMFILE).',
      next: { type: "exited", code: 0, survivors: [] },
    });
  });

  test("no process left (EAGAIN), and the host goes on", async () => {
    const { stdout } = await runHost("eagain", { unprivileged: true });
    expect(JSON.parse(stdout)).toEqual({
      failed: '"echo" could not be started: the system has no room for another process (EAGAIN).',
    });
  });
});
