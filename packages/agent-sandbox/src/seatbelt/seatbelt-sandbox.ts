import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Sandbox, SandboxPolicy, SandboxState } from "@claw/agent-core";
import { boundaryOf } from "../boundary.ts";
import { canonical } from "../canonical.ts";
import { confinedEnvironment } from "../confined-environment.ts";
import { explainFailure } from "../explain-failure.ts";
import { leftovers } from "../guard/leftovers.ts";
import { survey } from "../guard/survey.ts";
import { type ProbeRun, runProbe } from "../run-probe.ts";
import { sandboxFault } from "../sandbox-fault.ts";
import { seatbeltProfile } from "./seatbelt-profile.ts";

export interface SeatbeltOptions {
  /** Default: the system's. */
  readonly program?: string;
}

/**
 * macOS: `sandbox-exec` with a profile made of the policy. Holds files, network and what may be asked of other
 * programs; processes that a command leaves behind stay in its sandbox, but they are not ended by it.
 */
export function seatbeltSandbox({ program = "/usr/bin/sandbox-exec" }: SeatbeltOptions = {}): Sandbox {
  let probed: Promise<SandboxState> | undefined;
  const probe = (): Promise<SandboxState> => {
    probed ??= runProbe([program, "-p", seatbeltProfile(probePolicy), "sh", "-c", selfTest]).then(stateOf);
    return probed;
  };
  return {
    probe,
    wrap: async (argv, policy) => {
      const found = await probe();
      if (found.state !== "full") {
        const { reason, fix } = found.state === "disabled" ? { ...found, fix: "" } : found;
        throw sandboxFault(`The command cannot be run in the sandbox: ${reason}`, fix);
      }
      const temporary = canonical(policy.temporary ?? tmpdir());
      if (policy.temporary !== undefined) mkdirSync(policy.temporary, { recursive: true, mode: 0o700 });
      const boundary = { ...boundaryOf(policy), ...(temporary === undefined ? {} : { temporary }) };
      const before = await survey(boundary.workspace);
      const release = async (): Promise<readonly string[]> =>
        leftovers(before, await survey(boundary.workspace), [...boundary.workspace, ...boundary.writable]);
      let released: Promise<readonly string[]> | undefined;
      return {
        argv: [program, "-p", seatbeltProfile(boundary), ...argv],
        environment: confinedEnvironment(boundary, temporary),
        inputs: [],
        release: () => {
          released ??= release();
          return released;
        },
      };
    },
    explain: explainFailure,
  };
}

const probePolicy: SandboxPolicy = {
  workspace: [],
  writable: [],
  readOnly: [],
  unreadable: [],
  network: "off",
};

/** Fails to write where it may not. */
const selfTest = '! (: > "$HOME/.claw-probe") 2> /dev/null';

function stateOf({ code, stderr }: ProbeRun): SandboxState {
  if (code === 0) return { state: "full" };
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return {
    state: "unavailable",
    reason: said === "" ? `sandbox-exec ended with ${code ?? "no exit code"}.` : said,
    fix: "sandbox-exec is part of macOS, and cannot be used inside of another sandbox.",
  };
}
