import type { AnswerAction } from "./answer-action.ts";
import type { Flags } from "./flags.ts";
import type { McpAction } from "./mcp-action.ts";
import type { PluginAction } from "./plugin-action.ts";
import type { PolicyAction } from "./policy-action.ts";
import type { SessionsAction } from "./sessions-action.ts";
import type { TasksAction } from "./tasks-action.ts";
import type { TrustAction } from "./trust-action.ts";

/** What to do, or why the command line cannot be understood. */
export type CommandLine =
  | Command
  /** `words`: of the command that is asked about; none: all of it. */
  | { readonly type: "help"; readonly words: readonly string[] }
  | { readonly type: "version" }
  | { readonly type: "usage-error"; readonly message: string; readonly hint: string };

/** A command line that asks for more than a text. */
export type Command =
  /** `given`: the names of its options. */
  | { readonly type: "run"; readonly flags: Flags; readonly given: readonly string[] }
  | { readonly type: "sessions"; readonly action: SessionsAction; readonly flags: Flags }
  | { readonly type: "tasks"; readonly action: TasksAction; readonly flags: Flags }
  | { readonly type: "policy"; readonly action: PolicyAction; readonly flags: Flags }
  | { readonly type: "trust"; readonly action: TrustAction; readonly flags: Flags }
  | { readonly type: "mcp"; readonly action: McpAction; readonly flags: Flags }
  | { readonly type: "answer"; readonly action: AnswerAction; readonly flags: Flags }
  | { readonly type: "instructions"; readonly file?: string; readonly flags: Flags }
  | { readonly type: "plugin"; readonly action: PluginAction; readonly flags: Flags }
  | { readonly type: "hooks"; readonly flags: Flags }
  | { readonly type: "models"; readonly flags: Flags }
  | { readonly type: "conformance"; readonly flags: Flags }
  | { readonly type: "doctor"; readonly flags: Flags };
