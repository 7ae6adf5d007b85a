import type { ConfinedCommand, Sandbox, SandboxPolicy } from "../ports/sandbox.ts";
import { expectPlain, expectSettled, expectThat, expectUnchanged, rejectionCode } from "./expect-that.ts";
import type { Law } from "./law.ts";

/** A sandbox under its laws, and a policy whose folders exist. */
export interface SandboxUnderLaw {
  readonly sandbox: Sandbox;
  readonly policy: SandboxPolicy;
}

/** The promises of the `Sandbox` port that can be looked at without starting anything. `make` gives a new one each time. */
export function sandboxLaws(make: () => SandboxUnderLaw | Promise<SandboxUnderLaw>): readonly Law[] {
  const law = (name: string, check: (under: SandboxUnderLaw) => Promise<void>): Law => ({
    name,
    check: async () => check(await make()),
  });
  return [
    law("the probe settles, and gives the same answer each time", async ({ sandbox }) => {
      await expectSettled(sandbox.probe(), "it settles");
      const [first, second] = [await sandbox.probe(), await sandbox.probe()];
      expectPlain(first);
      expectThat(JSON.stringify(first) === JSON.stringify(second), "the answer stays");
    }),
    law("what does not work says why, and what to do", async ({ sandbox }) => {
      const found = await sandbox.probe();
      if (found.state === "full") return;
      expectThat(found.reason.trim() !== "", "there is a reason");
      if (found.state !== "disabled") expectThat(found.fix.trim() !== "", "there is something to do");
    }),
    law("a command is confined or refused, never passed through", async ({ sandbox, policy }) => {
      const { state } = await sandbox.probe();
      if (state === "unavailable" || state === "disabled") {
        expectThat((await rejectionCode(sandbox.wrap(command, policy))) === "sandbox", "it is refused");
        return;
      }
      const confined = await sandbox.wrap(command, policy);
      await confined.release();
      expectThat(confined.argv.length > command.length, "something stands before the command");
    }),
    law("wrapping changes neither the command nor the policy", async ({ sandbox, policy }) => {
      const given = [[...command], policy] as const;
      await expectUnchanged(given, async () => {
        await (await wrapped(sandbox, policy))?.release();
      });
    }),
    law("releasing twice, and at once, harms nobody", async ({ sandbox, policy }) => {
      const confined = await wrapped(sandbox, policy);
      if (confined === undefined) return;
      const told = await Promise.all([confined.release(), confined.release()]);
      expectThat(told.flat().length === 0, "a command that never ran left nothing behind");
    }),
    law("an ordinary failure is not blamed on the sandbox", async ({ sandbox }) => {
      for (const output of ["", "2 tests failed", "bash: line 1: frobnicate: command not found"]) {
        expectThat(sandbox.explain(output) === undefined, `nothing is said about ${JSON.stringify(output)}`);
      }
    }),
  ];
}

const command = ["true", "an argument", "--", "$(not run)"] as const;

/** `undefined` where commands are refused. */
async function wrapped(sandbox: Sandbox, policy: SandboxPolicy): Promise<ConfinedCommand | undefined> {
  const { state } = await sandbox.probe();
  return state === "unavailable" || state === "disabled" ? undefined : sandbox.wrap(command, policy);
}
