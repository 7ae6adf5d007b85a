import { FaultError } from "@claw/agent-core";

/** Why a command cannot be confined; it was not run. */
export function sandboxFault(message: string, hint: string): FaultError<"sandbox"> {
  return new FaultError({ code: "sandbox", message, hint });
}
