/** The names of the built-in tools, in the order in which `builtinTools` gives them. */
export const builtinToolNames: readonly string[] = [
  "Bash",
  "Read",
  "Write",
  "Edit",
  "Glob",
  "Grep",
  "WebFetch",
  "TodoWrite",
  "AskUserQuestion",
  "TaskOutput",
  "TaskStop",
  "Monitor",
  "Recall",
  "Agent",
  "SendMessage",
];

/** The tools whose calls change nothing outside the session and send nothing out: what a reviewer or planner needs. */
export const readOnlyToolNames: readonly string[] = [
  "Read",
  "Glob",
  "Grep",
  "TodoWrite",
  "AskUserQuestion",
  "TaskOutput",
  "TaskStop",
  "Monitor",
  "Recall",
];
