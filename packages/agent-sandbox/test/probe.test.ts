import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bubblewrapSandbox, platformSandbox } from "@claw/agent-sandbox";
import { expect, onTestFinished, test, vi } from "vitest";
import { holdPlaces } from "../src/guard/held-places.ts";

/** A `bwrap` that fails as one does on such a system. */
function failing(stderr: string, code = 1): string {
  const folder = mkdtempSync(join(tmpdir(), "claw-bwrap-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "bwrap");
  writeFileSync(program, `#!/bin/sh\necho "${stderr}" >&2\nexit ${code}\n`);
  chmodSync(program, 0o755);
  return program;
}

test.each([
  ["bwrap: No permissions to create new namespace", "User namespaces are switched off"],
  ["bwrap: Creating new namespace failed: No space left on device", "User namespaces are switched off"],
  ["bwrap: setting up uid map: Permission denied", "AppArmor"],
  ["bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "AppArmor"],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "hides parts of /proc"],
  ["bwrap: Unknown option --perms", "too old"],
  ["something else", "something else"],
  ["", "did not see its boundary"],
])("what bubblewrap fails with is said in words, with what to do: %s", async (stderr, part) => {
  const sandbox = bubblewrapSandbox({ recordsFolder: join(tmpdir(), "claw-none"), program: failing(stderr) });
  const found = await sandbox.probe();
  // Where user namespaces work otherwise, the network at least can be held.
  expect(["network-only", "unavailable"]).toContain(found.state);
  expect(found).toMatchObject({ reason: expect.stringContaining(part), fix: expect.stringMatching(/\w/) });
});

test("a bubblewrap that lets everything through is not taken for a sandbox", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claw-bwrap-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "bwrap");
  writeFileSync(program, `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n`);
  chmodSync(program, 0o755);
  const { state } = await bubblewrapSandbox({ recordsFolder: join(tmpdir(), "claw-none"), program }).probe();
  expect(state).not.toBe("full");
});

test("a temporary folder that cannot be written is a reason, not a crash", async () => {
  const program = failing("is not asked");
  vi.stubEnv("TMPDIR", join(program, "below-a-file"));
  onTestFinished(() => void vi.unstubAllEnvs());
  const found = await bubblewrapSandbox({ recordsFolder: "/nonexistent", program }).probe();
  expect(["network-only", "unavailable"]).toContain(found.state);
  expect(found).toMatchObject({
    reason: expect.stringContaining("temporary folder cannot be written"),
    fix: expect.stringContaining("TMPDIR"),
  });
});

test("notes that cannot be written keep the command from its run, with what to do", async () => {
  const folder = join(failing("is not asked"), "below-a-file");
  await expect(holdPlaces(folder, [])).rejects.toMatchObject({
    fault: {
      code: "sandbox",
      message: expect.stringContaining(folder),
      hint: expect.stringContaining("CLAW_HOME"),
    },
  });
});

test("each system has a sandbox, or the reason why not", async () => {
  const found = await platformSandbox({ recordsFolder: join(tmpdir(), "claw-none") }).probe();
  expect(["full", "network-only", "unavailable"]).toContain(found.state);
});
