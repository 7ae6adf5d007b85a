import { FaultError, type Policy, type SandboxState } from "@claw/agent-core";
import type { BashSandbox, Confine } from "@claw/tools-builtin";

/** What an agent's sandbox means to its parts. */
export interface Confinement {
  readonly state: SandboxState;
  /** For the machine. Rejects where nothing can be confined. */
  readonly confine: Confine;
  /** For the Bash tool. Absent: nothing is said about a sandbox. */
  readonly bash?: BashSandbox;
  /** Commands that run confined need no question. */
  readonly isTrusted: boolean;
  /** False: hosts were named that are to be reached, and this sandbox cannot tell them apart. */
  readonly holdsDomains?: boolean;
  /** Refuses what a required sandbox must hold and cannot. */
  readonly policy?: Policy;
  readonly close: () => Promise<void>;
}

/** Nobody asked for a sandbox. */
export const unconfined: Confinement = {
  state: { state: "disabled", reason: "Nobody switched it on." },
  confine: () => Promise.reject(new FaultError({ code: "sandbox", message: "There is no sandbox." })),
  isTrusted: false,
  close: async () => undefined,
};
