/** One permission rule, parsed. What it does (allow, ask, deny) is said where it is added to a book. */
export type Rule = ToolRule | CommandRule | PathRule | HostRule | NameRule | ArgumentRule;

/** `Bash`, `mcp__server`, `mcp__server__*`, `*`: every call of the tools with that name. */
export interface ToolRule {
  readonly type: "tool";
  /** May hold `*`. */
  readonly tool: string;
}

/** `Bash(git push *)`: simple commands. */
export interface CommandRule {
  readonly type: "command";
  readonly tool: "Bash";
  readonly pattern: string;
}

/** `Read(//etc/**)`, `Edit(src/)`, `Cd(../other)`: paths in gitignore's language, with an anchor. */
export interface PathRule {
  readonly type: "path";
  readonly tool: "Read" | "Edit" | "Cd";
  readonly pattern: string;
}

/** `WebFetch(domain:*.example.org)`. */
export interface HostRule {
  readonly type: "host";
  readonly tool: "WebFetch";
  /** In lower case, without a trailing dot. */
  readonly pattern: string;
}

/** `Agent(reviewer)`, `Skill(release *)`. */
export interface NameRule {
  readonly type: "name";
  readonly tool: "Agent" | "Task" | "Skill";
  readonly pattern: string;
}

/** `WebSearch(query:*password*)`: one scalar argument of a call; for deny and ask only. */
export interface ArgumentRule {
  readonly type: "argument";
  readonly tool: string;
  readonly parameter: string;
  readonly pattern: string;
}

export type RuleBehavior = "allow" | "ask" | "deny";

/** Where a rule was written. */
export interface RuleSource {
  /** As people know it, shown in reasons: `user settings`, `--allowed-tools`, `session`. */
  readonly name: string;
  /** The folder that `/x` in a path rule is relative to. Absolute. */
  readonly root: string;
}
