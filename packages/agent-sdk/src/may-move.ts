import { commandPrograms } from "@claw/agent-permissions";

/** Programs that are only waited for, or that hold locks which somebody else would find. */
const bound: ReadonlySet<string> = new Set(["sleep", "git"]);

/** Whether a command that is not done in time may go on in the background: not what cannot be understood. */
export async function mayMove(command: string, home: string): Promise<boolean> {
  const programs = await commandPrograms(command, home);
  return programs !== undefined && programs.length > 0 && !programs.some((name) => bound.has(name));
}
