import type { JsonObject, Remember } from "@claw/agent-core";
import type { Hook, OnError } from "./hook.ts";
import type { HookAnswer } from "./hook-answer.ts";
import { type HookEventName, isGuardEvent } from "./hook-events.ts";
import { rememberedBy } from "./permission-update.ts";

/** What one hook comes to. */
export interface HookVerdict {
  readonly decision?: Decided;
  /** It refuses: a call, a prompt, an end, a compaction. */
  readonly blocked?: string;
  readonly input?: JsonObject;
  /** What an allow wants remembered. */
  readonly remember?: Remember;
  /** What the model reads in place of a result. */
  readonly output?: string;
  /** For the model. */
  readonly context?: string;
  /** The run ends, for this reason. */
  readonly stop?: string;
  /** For people. */
  readonly message?: string;
  /** What a failure came to. */
  readonly instead?: OnError;
}

export interface Decided {
  readonly type: "deny" | "defer" | "ask" | "allow";
  readonly reason: string;
}

/** What its answer means, a failure included: a guard that gives no answer refuses, unless it says otherwise. */
export function verdictOf(hook: Hook, answer: HookAnswer): HookVerdict {
  switch (answer.type) {
    case "cancelled":
      return {};
    case "said":
      return verdictOfSaid(hook, answer);
    case "refused":
      return refusal(hook, answer.reason);
    default:
      return failure(hook, answer.why);
  }
}

function verdictOfSaid(
  hook: Hook,
  { output, text }: Extract<HookAnswer, { readonly type: "said" }>,
): HookVerdict {
  const { decision, reason, systemMessage, hookSpecificOutput: specific = {} } = output;
  const why = specific.permissionDecisionReason ?? reason ?? `The hook ${hook.name} says so.`;
  const context = specific.additionalContext ?? (readsText(hook) ? text : undefined);
  const said: HookVerdict = {
    ...(decision === "block" ? refusal(hook, reason ?? why) : {}),
    ...(output.continue === false
      ? { stop: output.stopReason ?? `The hook ${hook.name} ended the run.` }
      : {}),
    ...(systemMessage === undefined ? {} : { message: systemMessage }),
    ...(context === undefined || context === "" ? {} : { context }),
  };
  if (hook.event === "PreToolUse") {
    const type = specific.permissionDecision ?? (decision === "approve" ? "allow" : undefined);
    const { updatedInput: input } = specific;
    return {
      ...said,
      ...(type === undefined || said.decision !== undefined ? {} : { decision: { type, reason: why } }),
      ...(input === undefined ? {} : { input }),
    };
  }
  if (hook.event === "PermissionRequest" && specific.decision !== undefined) {
    const { behavior, message, interrupt, updatedInput, updatedPermissions = [] } = specific.decision;
    const because = message ?? why;
    const decided = { ...said, decision: { type: behavior, reason: because } } as const;
    if (behavior === "deny") return { ...decided, ...(interrupt === true ? { stop: because } : {}) };
    const remember = rememberedBy(updatedPermissions);
    return {
      ...decided,
      ...(updatedInput === undefined ? {} : { input: updatedInput }),
      ...(remember === undefined ? {} : { remember }),
    };
  }
  const replaced = hook.event === "PostToolUse" ? specific.updatedToolOutput : undefined;
  if (replaced === undefined) return said;
  return { ...said, output: typeof replaced === "string" ? replaced : JSON.stringify(replaced) };
}

const listeners: ReadonlySet<HookEventName> = new Set([
  "UserPromptSubmit",
  "SessionStart",
  "SubagentStart",
  "PreCompact",
]);

/** Plain words of these are for the model, or for whoever sums up. */
function readsText({ event }: Hook): boolean {
  return listeners.has(event);
}

/** Where there is nothing left to refuse the model is told. */
function refusal({ event }: Hook, reason: string): HookVerdict {
  if (isGuardEvent(event)) return { decision: { type: "deny", reason }, blocked: reason };
  const isOver = event === "PostToolUse" || event === "PostToolUseFailure" || event === "TaskCompleted";
  return isOver ? { context: reason, blocked: reason } : { blocked: reason };
}

function failure(hook: Hook, why: string): HookVerdict {
  const isUnusable = hook.handler.type === "unusable";
  const instead = hook.onError ?? (isUnusable ? "ask" : isGuardEvent(hook.event) ? "deny" : "allow");
  const reason = `The hook ${hook.name} gave no answer: ${why}.`;
  if (instead === "allow") return { instead };
  if (!isGuardEvent(hook.event))
    return instead === "deny" ? { instead, ...refusal(hook, reason) } : { instead };
  return { instead, decision: { type: instead, reason } };
}
