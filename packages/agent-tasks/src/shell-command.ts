import type { ExecRequest } from "@claw/agent-core";
import type { StartOptions } from "./start-process.ts";

/** A command line for bash, and all that a bash learns at its start and not later. */
export interface ShellCommand {
  readonly program: string;
  readonly cwd: string;
  /** Both are compared by identity: whoever changes them makes new ones. */
  readonly environment: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly text: string;
}

/**
 * The command of a request `bash --noprofile --norc -c TEXT`, when a bash that was started before can run it as well.
 * Nothing else is one: what is confined is wrapped in the program that confines it, and what goes on in the background
 * shows its command to whoever lists processes.
 */
export function shellCommand(
  { argv, cwd, env, input, label }: ExecRequest,
  { environment, limits, inputs }: StartOptions,
): ShellCommand | undefined {
  const [program, noProfile, noRc, flag, text, ...more] = argv;
  if (noProfile !== "--noprofile" || noRc !== "--norc" || flag !== "-c" || text === undefined)
    return undefined;
  if (more.length > 0 || text.length > longestText || text.includes("\0")) return undefined;
  if (input !== undefined || label !== undefined || limits !== undefined || inputs !== undefined)
    return undefined;
  return environment === undefined ? undefined : { program, cwd, environment, variables: env, text };
}

/** It is read a byte at a time, so that nothing of what follows it is taken: a longer one is faster as an argument. */
const longestText = 2_000;

/** A bash that waits for its command. What it reads is whole, or it ends without having run anything. */
export function waitingShell(program: string): [string, ...string[]] {
  return [program, "--noprofile", "--norc", "-c", waits];
}

/** Runs the command as `-c` would: with nothing to read, from its first second on, and numbered from its first line. */
const waits = 'IFS= read -r -d "" && exec < /dev/null && eval "unset REPLY; SECONDS=0; $REPLY"';

/** The command as a bash that waits reads it. */
export function spoken({ text }: ShellCommand): Uint8Array {
  return Buffer.from(`${text}\0`);
}
