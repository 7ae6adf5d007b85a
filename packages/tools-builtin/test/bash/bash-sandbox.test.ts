import { type ConfinedCommand, FaultError, type JsonValue, type Machine } from "@claw/agent-core";
import { describe, expect, test } from "vitest";
import type { BashSandbox } from "../../src/bash/bash-sandbox.ts";
import { bashTool } from "../../src/bash/bash-tool.ts";
import { localMachine } from "../../src/machine/local-machine.ts";
import type { Confine } from "../../src/machine/start-confined.ts";
import { type Called, callTool } from "../call-tool.ts";

/** A sandbox that shows in the output that it was used, and how often it was released. */
function confinement(leftovers: readonly string[] = []): {
  readonly confine: Confine;
  readonly released: () => number;
} {
  let count = 0;
  const confine: Confine = async (argv): Promise<ConfinedCommand> => ({
    argv: ["bash", "-c", 'head -c 5 <&3; echo " $INSIDE"; exec "$@"', "bash", ...argv],
    environment: { INSIDE: "inside" },
    inputs: [new TextEncoder().encode("bytes")],
    release: async () => {
      count += 1;
      return leftovers;
    },
  });
  return { confine, released: () => count };
}

const sandbox: BashSandbox = {
  confines: (command) => !command.startsWith("docker"),
  offersOutside: true,
  explain: (output) => (output.includes("Read-only") ? "It was the sandbox." : undefined),
};

const tool = (machine: Machine, change: Partial<BashSandbox> = {}): ReturnType<typeof bashTool> =>
  bashTool({ machine, sandbox: { ...sandbox, ...change } });

const call = (used: ReturnType<typeof bashTool>, input: JsonValue): Promise<Called> =>
  callTool(used, input, { cwd: "/" });

describe("a command in the sandbox", () => {
  test("runs there, with its descriptors and variables, says so in its effect, and is released once", async () => {
    const { confine, released } = confinement();
    const { text, effects } = await call(tool(localMachine({ confine })), { command: "echo ran" });
    expect(text).toBe("bytes inside\nran\n");
    expect(effects).toMatchObject([{ type: "shell", command: "echo ran", confined: true }]);
    expect(released()).toBe(1);
  });

  test("that is excluded, or asked to be outside, runs outside and says so", async () => {
    const { confine, released } = confinement();
    for (const input of [
      { command: "docker() { echo outside; }; docker" },
      { command: "echo outside", dangerouslyDisableSandbox: true },
    ]) {
      const { text, effects } = await call(tool(localMachine({ confine })), input);
      expect(text).toBe("outside\n");
      expect(effects).toMatchObject([{ confined: false }]);
    }
    expect(released()).toBe(0);
  });

  test("is not let out where that is not offered", async () => {
    const { confine } = confinement();
    const strict = tool(localMachine({ confine }), { offersOutside: false });
    const { outcome } = await call(strict, { command: "echo x", dangerouslyDisableSandbox: true });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
  });

  test("class 25: is refused by a machine without one, and by one that cannot; never run outside", async () => {
    const { outcome, text } = await call(tool(localMachine()), { command: "echo ran" });
    expect(outcome.status).toBe("failed");
    expect(text).toContain("this machine has none");
    const broken = localMachine({
      confine: () =>
        Promise.reject(new FaultError({ code: "sandbox", message: "No namespaces.", hint: "Allow them." })),
    });
    expect((await call(tool(broken), { command: "echo ran" })).text).toBe("No namespaces. Allow them.");
  });

  test("is explained when it failed, and not when it did not", async () => {
    const machine = localMachine(confinement());
    const failed = await call(tool(machine), { command: "echo Read-only; exit 1" });
    expect(failed.text).toBe("Exit code 1\nbytes inside\nRead-only\n\n[It was the sandbox.]");
    expect((await call(tool(machine), { command: "echo Read-only" })).text).not.toContain("sandbox");
  });

  test("CVE-2026-39861: what it left behind is told", async () => {
    const machine = localMachine(confinement(["`out` leads to /etc."]));
    const { text, outcome } = await call(tool(machine), { command: "true" });
    expect(outcome.status).toBe("ok");
    expect(text).toContain("[`out` leads to /etc.]");
  });

  test("is released when it cannot be started", async () => {
    const { confine, released } = confinement();
    const missing: Confine = async (argv) => ({ ...(await confine(argv)), argv: ["/no/bwrap"] });
    const { outcome } = await call(tool(localMachine({ confine: missing })), { command: "true" });
    expect(outcome.status).toBe("failed");
    expect(released()).toBe(1);
  });
});

test("without a sandbox nothing is said about one, to the model or in the effect", async () => {
  const plain = bashTool({ machine: localMachine() });
  expect(JSON.stringify(plain)).not.toMatch(/sandbox/i);
  expect((await call(plain, { command: "true" })).effects).toEqual([
    { type: "shell", command: "true", cwd: expect.any(String) },
  ]);
});
