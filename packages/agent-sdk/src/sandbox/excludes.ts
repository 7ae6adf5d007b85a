/**
 * Whether a command is among those that run outside: `docker` and `docker *` mean it with any arguments. What follows
 * it in the same line runs outside with it, and is judged as outside.
 */
export function excludes(patterns: readonly string[], command: string): boolean {
  const text = command.trim();
  return patterns.some((pattern) => {
    const start = pattern.replace(/(?::\*| ?\*)$/, "").trim();
    return start !== "" && (text === start || text.startsWith(`${start} `));
  });
}
