import type { AgentIdentity, JsonObject } from "@claw/agent-core";
import type { HookEventName } from "./hook-events.ts";
import type { HookInput } from "./hook-input.ts";
import type { HookOutput } from "./hook-output.ts";
import type { Matcher } from "./matcher.ts";

/** One hook as it was configured. */
export interface Hook extends HookSettings {
  readonly event: HookEventName;
  /** As it is listed and switched off by. */
  readonly name: string;
  /** Who configured it, such as "user settings". */
  readonly source: string;
  /** By whoever runs this computer: only they can switch it off. */
  readonly isManaged: boolean;
  /** As it is written; absent: everything. */
  readonly matcher?: string;
  readonly matches: Matcher;
  readonly handler: HookHandler;
  /** Whether it is for a run within these sub-agents, the outermost first, its own among them. Absent: for every run. */
  readonly isFor?: (agents: readonly AgentIdentity[]) => boolean;
}

/** What every handler may say of itself. */
export interface HookSettings {
  /** A permission rule: the hook is for the calls that it would match. */
  readonly if?: string;
  /** In milliseconds. */
  readonly timeoutMs?: number;
  /** What holds where it fails. Default: `deny` for guards, else `allow`. */
  readonly onError?: OnError;
  /** Not called again in a session once it answered. */
  readonly once?: boolean;
}

export const onErrors = ["deny", "ask", "allow"] as const;
export type OnError = (typeof onErrors)[number];

export type HookHandler =
  | CommandHandler
  | HttpHandler
  | McpToolHandler
  | PromptHandler
  | { readonly type: "function"; readonly run: AnyHookFunction }
  /** It is there and cannot be used: a guard that is not understood must not count as none. */
  | { readonly type: "unusable"; readonly why: string };

export interface CommandHandler {
  readonly type: "command";
  /** For bash without a profile; with `args` the program itself. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Nobody waits for it, and it decides nothing. */
  readonly async?: boolean;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface HttpHandler {
  readonly type: "http";
  readonly url: string;
  /** `$NAME` and `${NAME}` stand for a variable that `allowedEnvVars` names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowedEnvVars: readonly string[];
}

export interface McpToolHandler {
  readonly type: "mcp_tool";
  readonly server: string;
  readonly tool: string;
  /** Default: what the hook reads. */
  readonly input?: JsonObject;
}

/** The run's model is asked, beside the conversation and paid from its budget. */
export interface PromptHandler {
  readonly type: "prompt";
  /** `$ARGUMENTS` in it stands for what the hook reads; without it that follows. */
  readonly prompt: string;
}

/** A hook in this process. */
export type HookFunction<Event extends HookEventName = HookEventName> = (
  input: HookInput<Event>,
  signal: AbortSignal,
) => HookOutput | undefined | Promise<HookOutput | undefined>;

/** One of any event: it is called with the input of its own event only. */
export type AnyHookFunction = (
  input: never,
  signal: AbortSignal,
) => HookOutput | undefined | Promise<HookOutput | undefined>;
