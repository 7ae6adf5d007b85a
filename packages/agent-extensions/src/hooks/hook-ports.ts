import type {
  Effect,
  ExecRequest,
  Execution,
  JsonValue,
  PermissionRequest,
  Transport,
} from "@claw/agent-core";

/** What hooks need of the world; whoever composes hands it over. */
export interface HookPorts {
  readonly session: string;
  /** Absolute. */
  readonly cwd: string;
  /** Where the session's journal is; absent where it is in no file. */
  readonly transcript?: string;
  readonly permissionMode: () => string;
  /** Starts a program on this computer, watched over, without credentials in its environment. */
  readonly start: (request: ExecRequest, signal: AbortSignal) => Promise<Execution>;
  /** Variables that http hooks may name. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly transport: () => Promise<Transport>;
  /** Calls a tool of an MCP server; what it said as text. Rejects where it failed. */
  readonly callTool: (server: string, tool: string, input: JsonValue, signal: AbortSignal) => Promise<string>;
  /** Why a deny rule refuses what a hook would do; `undefined` where none does. */
  readonly refusal: (
    tool: string,
    effects: readonly Effect[],
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Whether a permission rule is about a call. */
  readonly isAbout: (rule: string, request: PermissionRequest, signal: AbortSignal) => Promise<boolean>;
  /** Keeps a text that is too long for a model; where it is, if it could be kept. */
  readonly keep: (label: string, text: string) => Promise<string | undefined>;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
}
