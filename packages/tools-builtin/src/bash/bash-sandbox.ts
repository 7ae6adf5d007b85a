import type { ExecExit } from "@claw/agent-core";
import type { BashRun } from "./bash-outcome.ts";
import type { BashInput } from "./bash-tool.ts";

/** How the sandbox of the machine is used for commands. */
export interface BashSandbox {
  /** Whether a command is run in it; the others run outside. */
  readonly confines: (command: string) => boolean;
  /** The model may ask for a command to be run outside. */
  readonly offersOutside: boolean;
  /** Whether the sandbox is why a command failed: one sentence. */
  readonly explain: (output: string) => string | undefined;
}

/** The parameter by which a model asks for a command outside of the sandbox, known to models by this name. */
export const outsideParameter = "dangerouslyDisableSandbox";

/** `undefined`: there is no sandbox to be in or out of. */
export function isConfined(
  sandbox: BashSandbox | undefined,
  { command, [outsideParameter]: asksOutside }: BashInput,
): boolean | undefined {
  if (sandbox === undefined) return undefined;
  return !(sandbox.offersOutside && asksOutside === true) && sandbox.confines(command);
}

/** What the sandbox has to say about a command that was run in it, for the model and the person. */
export function sandboxNotes({ explain }: BashSandbox, { exit, output }: BashRun): readonly string[] {
  const why = isSuccess(exit) ? undefined : explain(output.text);
  return [...(why === undefined ? [] : [why]), ...(exit.leftovers ?? [])];
}

function isSuccess(exit: ExecExit): boolean {
  return exit.type === "exited" && exit.code === 0;
}
