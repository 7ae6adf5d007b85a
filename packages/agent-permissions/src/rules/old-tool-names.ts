/** Names that tools had before, under which rules and matchers that people already have know them, and the names of now. */
const current: ReadonlyMap<string, string> = new Map([
  ["Task", "Agent"],
  ["BashOutput", "TaskOutput"],
  ["KillShell", "TaskStop"],
  ["KillBash", "TaskStop"],
]);

/** The name that a tool has now. */
export function currentToolName(tool: string): string {
  return current.get(tool) ?? tool;
}

/** Every name that a tool has or had, its own first. */
export function toolNames(tool: string): readonly string[] {
  const old = [...current].filter(([, now]) => now === tool).map(([before]) => before);
  return [tool, ...old];
}
