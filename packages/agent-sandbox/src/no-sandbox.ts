import type { Sandbox, SandboxState } from "@claw/agent-core";
import { sandboxFault } from "./sandbox-fault.ts";

/** No sandbox, and the reason: that nobody asked for one, or that there is none for this system. Refuses to wrap. */
export function noSandbox(state: Exclude<SandboxState, { state: "full" | "network-only" }>): Sandbox {
  return {
    probe: async () => state,
    wrap: async () => {
      const hint =
        state.state === "unavailable" ? state.fix : "Switch the sandbox on, or run it without one.";
      throw sandboxFault(`The command cannot be run in a sandbox: ${state.reason}`, hint);
    },
    explain: () => undefined,
  };
}
