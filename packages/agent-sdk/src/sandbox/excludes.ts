/**
 * Whether a command is among those that run outside: `docker` and `docker *` mean it with any arguments. What follows
 * it in the same line runs outside with it, and is judged as outside: see `outsidePolicy`.
 */
export function excludes(patterns: readonly string[], command: string): boolean {
  const text = command.trim();
  return patterns.some((pattern) => {
    const start = startOf(pattern);
    return start !== "" && (text === start || text.startsWith(`${start} `));
  });
}

/** The names of the programs that run outside. */
export function excludedPrograms(patterns: readonly string[]): ReadonlySet<string> {
  return new Set(patterns.map((pattern) => startOf(pattern).split(/\s/)[0] ?? ""));
}

function startOf(pattern: string): string {
  return pattern.replace(/(?::\*| ?\*)$/, "").trim();
}
