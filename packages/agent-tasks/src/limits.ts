/** What a program and each of its descendants may use. Needs bash. */
export interface Limits {
  /**
   * Processes and threads of the user, all programs together. Not enforced for root. Choose it above what the user
   * runs already.
   */
  readonly maxProcesses?: number;
  /** Address space of each process, in bytes. */
  readonly maxMemoryBytes?: number;
}

/**
 * The command line that sets the limits and then becomes the program. A program that cannot be started then shows as
 * exit code 126 or 127 of bash, not as a failed start.
 */
export function limitedCommand(argv: readonly [string, ...string[]], limits: Limits): [string, ...string[]] {
  const settings: string[] = [];
  if (limits.maxProcesses !== undefined) settings.push(atMost("u", limits.maxProcesses));
  if (limits.maxMemoryBytes !== undefined) settings.push(atMost("v", limits.maxMemoryBytes / 1024));
  if (settings.length === 0) return [...argv];
  return ["bash", "--noprofile", "--norc", "-c", `${settings.join(" && ")} && exec "$@"`, "bash", ...argv];
}

/** Lowers a limit, or leaves one that is lower already: raising it is not permitted and would fail. */
function atMost(resource: "u" | "v", value: number): string {
  if (!Number.isFinite(value) || value < 1) throw new RangeError(`A limit of ${value} leaves nothing.`);
  const limit = Math.floor(value);
  return `{ { now=$(ulimit -H${resource}); [ "$now" != unlimited ] && [ "$now" -le ${limit} ]; } || ulimit -${resource} ${limit}; }`;
}
