import type {
  efforts,
  outputFormats,
  permissionModes,
  permissions,
  sandboxes,
  settingSources,
} from "./option-table.ts";

/** What the command line asked for, checked. An absent field was not given. */
export interface Flags {
  readonly query?: string;
  /** `--print` was given, with or without a text: never start the REPL. */
  readonly print: boolean;
  readonly model?: string;
  /** Empty: none. */
  readonly fallbackModels: readonly string[];
  readonly effort?: (typeof efforts)[number];
  readonly system?: string;
  /** A JSON Schema, or the file that it is in. */
  readonly jsonSchema?: string;
  readonly permission?: (typeof permissions)[number];
  readonly permissionMode?: (typeof permissionModes)[number];
  /** One of `providers`, or one that an extension brings. */
  readonly provider?: string;
  readonly ollamaUrl?: string;
  readonly maxTurns: number;
  readonly maxBudgetUsd?: number;
  readonly stubScript?: string;
  readonly outputFormat: OutputFormat;
  /** Questions are put off to whoever answers them later. */
  readonly deferPermissions: boolean;
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
  readonly addDir: readonly string[];
  readonly sandbox?: (typeof sandboxes)[number];
  readonly settings?: string;
  readonly settingSources?: readonly (typeof settingSources)[number][];
  readonly trustWorkspace: boolean;
  /** Files or JSON texts with MCP servers. */
  readonly mcpConfig: readonly string[];
  readonly strictMcpConfig: boolean;
  /** Files may tell the model what to keep to. */
  readonly instructions: boolean;
  /** A JSON object of agents, or the file that it is in. */
  readonly agents?: string;
  readonly cwd?: string;
  readonly resume?: ResumeChoice;
  /** Goes with `resume`. */
  readonly fork: boolean;
  readonly sessionId?: string;
  /** A background task that ends while nothing goes on begins a run. */
  readonly wake: boolean;
  /** Those of the user's folder are loaded. */
  readonly extensions: boolean;
  readonly verbose: boolean;
}

export type OutputFormat = (typeof outputFormats)[number];

/** Which session to go on with. `choose`: a list in a terminal, the newest elsewhere. */
export type ResumeChoice =
  | { readonly type: "latest" }
  | { readonly type: "choose" }
  | { readonly type: "id"; readonly id: string };
