import type { ExecRequest } from "@claw/agent-core";

/** One command line as a program to start. */
export interface BashCommand {
  readonly command: string;
  readonly cwd: string;
  /** The bash to run. Never another shell, as commands are judged as bash reads them. */
  readonly shell: string;
  readonly environment: Readonly<Record<string, string>> | undefined;
  /** To be run in the machine's sandbox. */
  readonly confined: boolean | undefined;
}

export function bashRequest({ command, cwd, shell, environment, confined }: BashCommand): ExecRequest {
  return {
    argv: [shell, "--noprofile", "--norc", "-c", inOneStream(command)],
    cwd,
    ...(environment === undefined ? {} : { env: environment }),
    ...(confined === true ? { confined } : {}),
  };
}

/**
 * Both streams into one, in which alone their order is the order of writing. On the command's own first line, so that
 * line numbers in messages stay right; a command that bash cannot parse fails the same way with it as without.
 */
function inOneStream(command: string): string {
  return `exec 2>&1; ${command}`;
}
