import { describe, expect, test } from "vitest";
import { runCommand } from "./run-command.ts";
import { runHost } from "./run-host.ts";

describe("P7: memory does not grow with output", () => {
  test.each([
    ["without one line end", (megabytes: number) => `head -c ${megabytes}M /dev/zero`],
    [
      "of lines on both streams",
      (megabytes: number) => `yes | head -c ${megabytes / 2}M & yes | head -c ${megabytes / 2}M >&2; wait`,
    ],
  ])("a gigabyte %s costs no more than a tenth of it does", async (_, command) => {
    const some = await flood(command(100), 100);
    const many = await flood(command(1000), 1000);
    // What garbage the engine lets lie differs between its versions; that it stops growing does not.
    expect(many).toBeLessThan(some + 30 * 1024);
    expect(many).toBeLessThan(120 * 1024);
  });
});

/** Kilobytes by which reading all of the output grew the process that read it. */
async function flood(command: string, megabytes: number): Promise<number> {
  const { stdout } = await runHost("flood", { arguments: [command] });
  const { bytes, grownKb, exit } = JSON.parse(stdout);
  expect(exit).toEqual({ type: "exited", code: 0, survivors: [] });
  expect(bytes).toBe(megabytes * 2 ** 20);
  return grownKb;
}

describe("P10: limits", () => {
  test("a memory hog ends, and we go on", async () => {
    const { exit, stderr } = await runCommand(
      `x=$(head -c 1G /dev/zero | tr '\\0' x)`,
      {},
      { limits: { maxMemoryBytes: 200 * 2 ** 20 } },
    );
    expect(exit).toMatchObject({ type: "exited", survivors: [] });
    expect(exit).not.toMatchObject({ code: 0 });
    expect(stderr).toContain("cannot allocate");
  });

  test.runIf(process.getuid?.() === 0)("a fork bomb stays within them, and is gone afterwards", async () => {
    const bomb = "bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 600";
    const asNobody = ["setpriv", "--reuid=65534", "--clear-groups"] as const;
    const { exit } = await runCommand(
      "",
      { argv: [...asNobody, "bash", "-c", bomb], timeoutMs: 500 },
      { limits: { maxProcesses: 40 } },
    );
    expect(exit).toEqual({ type: "timed-out", survivors: [] });
    expect((await runCommand("echo well")).stdout).toBe("well\n");
  });

  test("the program gets its arguments as they are", async () => {
    const { stdout } = await runCommand(
      "",
      { argv: ["printf", "%s|", "a b", "$HOME", ""] },
      { limits: { maxProcesses: 100_000, maxMemoryBytes: 2 ** 40 } },
    );
    expect(stdout).toBe("a b|$HOME||");
  });

  test("a limit that leaves nothing is a mistake of the caller", async () => {
    await expect(runCommand("true", {}, { limits: { maxProcesses: 0 } })).rejects.toThrow(RangeError);
  });
});
