import type { Fault } from "@claw/agent-core";
import type { SandboxSurroundings } from "./confine-commands.ts";
import { type Confinement, unconfined } from "./confinement.ts";
import type { SandboxOptions } from "./sandbox-options.ts";

/** The sandbox that was asked for, if any. What was asked for and cannot be had is told, never passed over. */
export async function assembleSandbox(
  options: SandboxOptions,
  surroundings: SandboxSurroundings,
  warn: (fault: Fault) => void,
): Promise<Confinement> {
  if (options.enabled !== true && options.required !== true) return unconfined;
  const { confineCommands } = await import("./confine-commands.ts");
  const confinement = await confineCommands(options, surroundings);
  const { state } = confinement;
  if (state.state === "network-only" || state.state === "unavailable") {
    const then =
      options.required === true ? "commands are refused" : "commands are asked about as without it";
    const what =
      state.state === "unavailable" ? "The sandbox cannot be had" : "The sandbox holds only the network";
    warn({
      code: "sandbox-unavailable",
      message: `${what}, so ${then}: ${state.reason}`,
      hint: state.fix,
    });
  }
  if (confinement.holdsDomains === false) warn(noDomains);
  return confinement;
}

const noDomains: Fault = {
  code: "sandbox-domains",
  message: "This sandbox cannot tell hosts apart: the ones in `allowedDomains` cannot be reached either.",
  hint: "Choose the back end `sandbox-runtime`, or switch the sandbox's network on.",
};
