/** Everything that a hook can be called for. */
export const hookEvents = [
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "PermissionRequest",
  "UserPromptSubmit",
  "SessionStart",
  "SessionEnd",
  "Stop",
  "SubagentStart",
  "SubagentStop",
  "PreCompact",
  "PostCompact",
  "Notification",
  "TaskCompleted",
] as const;

export type HookEventName = (typeof hookEvents)[number];

/** Events at which a hook guards: where it gives no answer, the call is refused. */
export function isGuardEvent(event: HookEventName): boolean {
  return event === "PreToolUse" || event === "PermissionRequest";
}

/** Seconds that a hook has, where it does not say. Those of `SessionEnd` share theirs. */
export function defaultTimeout(event: HookEventName, asksModel: boolean): number {
  if (event === "SessionEnd") return 1.5;
  return event === "UserPromptSubmit" || asksModel ? 30 : 600;
}
