import type { Agent, Fault, PermissionRequest, RunEnd, RunResult, Usage } from "@claw/agent-sdk";
import { endFault } from "../transcript/end-fault.ts";

/** The one object that `--output-format json` prints, and the last line of `stream-json`. */
export interface ResultObject {
  readonly type: "result";
  readonly subtype: "success" | "error_max_turns" | "error_max_budget_usd" | "error_during_execution";
  /** Absent when the run never got a session. */
  readonly session_id?: string;
  /** The answer's text, also where it took more than one reply. */
  readonly result: string;
  /** The same text under its shorter name. */
  readonly text: string;
  readonly is_error: boolean;
  readonly reason: RunEnd["reason"];
  readonly error?: Fault;
  readonly usage: TokenCounts;
  /** US dollars; absent when the price of the model is unknown. */
  readonly cost?: number;
  readonly num_turns: number;
  readonly permission_denials: readonly DenialObject[];
  /** What somebody who goes on elsewhere needs, when the conversation could not be made to fit. */
  readonly hand_over?: string;
  /** Calls that a crash cut off and that may have taken effect: they were not run again. Absent when there are none. */
  readonly parked_calls?: readonly { readonly tool_name: string; readonly tool_use_id: string }[];
  /** Background tasks that had not ended; they are stopped with the session. Absent when there are none. */
  readonly unfinished_tasks?: readonly string[];
  /** What the session waits for: `claw answer` answers them. Absent when it waits for nothing. */
  readonly pending_permissions?: readonly PermissionRequest[];
  readonly duration_ms: number;
}

/** A count that was not reported is absent. */
export interface TokenCounts {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cache_read_tokens?: number;
  readonly cache_write_tokens?: number;
  readonly reasoning_tokens?: number;
}

export interface DenialObject {
  readonly tool_name: string;
  readonly tool_use_id: string;
  readonly by: string;
  readonly reason: string;
}

/** The result of a run that ended. */
export function resultObject(
  { session, pendingPermissions, warnings }: Pick<Agent, "session" | "pendingPermissions" | "warnings">,
  { end, text }: RunResult,
  durationMs: number,
): ResultObject {
  const error = endFault(end, warnings);
  return {
    type: "result",
    subtype: subtypeOf(end),
    session_id: session,
    result: text,
    text,
    is_error: error !== undefined,
    reason: end.reason,
    ...(error === undefined ? {} : { error }),
    usage: tokenCounts(end.usage),
    ...(end.usage.cost === undefined ? {} : { cost: end.usage.cost / 1e6 }),
    num_turns: end.turns,
    permission_denials: end.denials.map((denial) => ({
      tool_name: denial.tool,
      tool_use_id: denial.call,
      by: denial.by,
      reason: denial.reason,
    })),
    ...(end.reason === "context-exhausted" && end.handOver !== undefined ? { hand_over: end.handOver } : {}),
    ...(end.parked.length === 0
      ? {}
      : { parked_calls: end.parked.map(({ call, tool }) => ({ tool_name: tool, tool_use_id: call })) }),
    ...(end.unfinishedTasks.length === 0 ? {} : { unfinished_tasks: end.unfinishedTasks }),
    ...(pendingPermissions.length === 0 ? {} : { pending_permissions: pendingPermissions }),
    duration_ms: durationMs,
  };
}

/** The result of a run that could not start. */
export function failedResultObject(error: Fault, durationMs: number, session?: string): ResultObject {
  return {
    type: "result",
    subtype: "error_during_execution",
    ...(session === undefined ? {} : { session_id: session }),
    result: "",
    text: "",
    is_error: true,
    reason: error.code === "cancelled" ? "cancelled" : "failed",
    error,
    usage: {},
    num_turns: 0,
    permission_denials: [],
    duration_ms: durationMs,
  };
}

function subtypeOf(end: RunEnd): ResultObject["subtype"] {
  if (end.reason === "completed") return "success";
  if (end.reason === "max-turns") return "error_max_turns";
  if (end.reason === "budget" && end.limit === "cost") return "error_max_budget_usd";
  return "error_during_execution";
}

function tokenCounts(usage: Usage): TokenCounts {
  return {
    ...(usage.input === undefined ? {} : { input_tokens: usage.input }),
    ...(usage.output === undefined ? {} : { output_tokens: usage.output }),
    ...(usage.cacheRead === undefined ? {} : { cache_read_tokens: usage.cacheRead }),
    ...(usage.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite }),
    ...(usage.reasoning === undefined ? {} : { reasoning_tokens: usage.reasoning }),
  };
}
