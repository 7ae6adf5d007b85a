import type { JsonValue } from "@claw/agent-core";
import type { HookEventName } from "./hook-events.ts";
import type { PermissionUpdate } from "./permission-update.ts";

/** What a hook reads: for a program it is JSON on its standard input. The names are those of the public format. */
export type HookInput<Event extends HookEventName = HookEventName> = HookInputBase &
  HookFields[Event] & { readonly hook_event_name: Event };

export interface HookInputBase {
  readonly session_id: string;
  /** The session's journal, one event a line; absent where it is kept elsewhere. */
  readonly transcript_path?: string;
  readonly cwd: string;
  readonly permission_mode: string;
  /** Of the sub-agent in which it happens. */
  readonly agent_id?: string;
  readonly agent_type?: string;
}

export interface HookFields {
  readonly PreToolUse: ToolFields;
  readonly PostToolUse: ToolFields & { readonly tool_response: JsonValue; readonly duration_ms: number };
  readonly PostToolUseFailure: ToolFields & { readonly error: string; readonly duration_ms: number };
  readonly PermissionRequest: ToolFields & {
    /** Why it is asked about. */
    readonly reason: string;
    /** Rules that would allow it from now on. */
    readonly permission_suggestions: readonly PermissionUpdate[];
  };
  readonly UserPromptSubmit: { readonly prompt: string };
  readonly SessionStart: { readonly source: "startup" | "resume" };
  readonly SessionEnd: { readonly reason: "other" };
  readonly Stop: EndFields;
  readonly SubagentStart: Readonly<Record<never, never>>;
  readonly SubagentStop: EndFields;
  readonly PreCompact: CompactFields;
  readonly PostCompact: CompactFields;
  readonly Notification: { readonly notification_type: "permission_prompt"; readonly message: string };
  readonly TaskCompleted: {
    readonly task_id: string;
    readonly task_subject: string;
    readonly task_status: "completed" | "failed" | "cancelled";
    readonly task_summary?: string;
  };
}

interface ToolFields {
  readonly tool_name: string;
  readonly tool_input: JsonValue;
  readonly tool_use_id: string;
}

interface EndFields {
  /** A hook has made this run go on already. */
  readonly stop_hook_active: boolean;
  readonly last_assistant_message: string;
}

interface CompactFields {
  readonly trigger: "manual" | "auto";
  readonly custom_instructions: string;
}
