import { FaultError, type ToolOutcome } from "@claw/agent-core";
import { failed } from "@claw/agent-tools";
import { staleFile } from "./guard-change.ts";

/**
 * The outcome for what a machine rejected with while it worked on `path`. A fault is told to the model; anything else
 * is a bug or a cancellation and goes on to whoever runs the tool.
 */
export function machineFailure(thrown: unknown, path: string): ToolOutcome {
  if (!FaultError.isInstance(thrown)) throw thrown;
  const { code, message, hint } = thrown.fault;
  if (code === "stale") return staleFile(path);
  return failed("tool-failed", hint === undefined ? message : `${message} ${hint}`);
}
