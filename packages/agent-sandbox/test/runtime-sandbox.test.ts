import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxPolicy } from "@claw/agent-core";
import { runtimeSandbox } from "@claw/agent-sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { runConfined } from "./support/run-confined.ts";

function policy(): SandboxPolicy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "claw-runtime-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return {
    workspace: [root],
    writable: [],
    readOnly: [],
    unreadable: ["/etc"],
    network: "off",
    domains: ["a.example"],
  };
}

/** As `@anthropic-ai/sandbox-runtime` looks from outside; says in its output how it was asked. */
function double(change: object = {}): { readonly SandboxManager: object; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const SandboxManager = {
    initialize: async (config: unknown) => void asked.push(["initialize", config]),
    isSupportedPlatform: () => true,
    checkDependencies: () => ({ errors: [] }),
    wrapWithSandbox: async (command: string, shell: string, config: unknown) => {
      asked.push([command, shell, config]);
      return `RUNTIME=1 ${command}`;
    },
    cleanupAfterCommand: () => void asked.push("cleanup"),
    ...change,
  };
  return { SandboxManager, asked };
}

describe("sandbox-runtime", () => {
  test("is asked for the boundary, with arguments that arrive as they are", async () => {
    const module = double();
    const sandbox = runtimeSandbox({ load: async () => module });
    const given = policy();
    expect(await sandbox.probe()).toEqual({ state: "full" });
    const odd = 'it\'s; $(echo no) "x" \\ \n *';
    const confined = await sandbox.wrap(["printf", "%s|", odd, ""], given);
    expect((await runConfined(confined, { cwd: "/" })).stdout).toBe(`${odd}||`);
    expect(module.asked.at(-1)).toMatchObject([
      expect.any(String),
      "bash",
      {
        network: { allowedDomains: ["a.example"], deniedDomains: [] },
        filesystem: {
          denyRead: ["/etc"],
          allowWrite: given.workspace,
          denyWrite: expect.arrayContaining([
            `${given.workspace[0]}/.mcp.json`,
            `${given.workspace[0]}/.git`,
          ]),
        },
      },
    ]);
    await confined.release();
    expect(module.asked.at(-1)).toBe("cleanup");
  });

  test.each([
    ["not installed", async () => Promise.reject(new Error("not found")), "not installed"],
    ["another version", async () => ({ SandboxManager: { initialize: () => undefined } }), "not known"],
    ["another system", async () => double({ isSupportedPlatform: () => false }), "does not support"],
    [
      "programs missing",
      async () => double({ checkDependencies: () => ({ errors: ["socat not found"] }) }),
      "socat",
    ],
    [
      "a failing start",
      async () => double({ initialize: () => Promise.reject(new Error("no proxy")) }),
      "no proxy",
    ],
    [
      "a command that fails in it",
      async () => double({ wrapWithSandbox: async () => "echo broken >&2; false" }),
      "broken",
    ],
  ])("%s: unavailable, and nothing is run", async (_, load, reason) => {
    const sandbox = runtimeSandbox({ load });
    const found = await sandbox.probe();
    expect(found).toMatchObject({ state: "unavailable", reason: expect.stringContaining(reason) });
    await expect(sandbox.wrap(["true"], policy())).rejects.toMatchObject({ fault: { code: "sandbox" } });
  });

  test("cannot open the whole network, and says so", async () => {
    const sandbox = runtimeSandbox({ load: async () => double() });
    await expect(sandbox.wrap(["true"], { ...policy(), network: "on" })).rejects.toMatchObject({
      fault: { code: "sandbox" },
    });
  });
});
