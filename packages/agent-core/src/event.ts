import type { Effect, EffectClass } from "./effect.ts";
import type { RunId, ToolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import type { Message, ModelRef } from "./message.ts";
import type { DeniedBy, ToolOutcome } from "./outcome.ts";
import type { Remember } from "./ports/ask.ts";
import type { AgentIdentity } from "./ports/call-scope.ts";
import type { CompactionEdit } from "./ports/compact.ts";
import type { ModelDelta, ToolSpec } from "./ports/model.ts";
import type { PermissionRequest } from "./ports/policy.ts";
import type { RunEnd } from "./run-end.ts";
import type { Usage } from "./usage.ts";

/** The version of the event format, written into each `run-start`. */
export const schemaVersion = 1;

export interface Envelope {
  /** Gapless and ascending within a session's stream. */
  readonly seq: number;
  readonly run: RunId;
  /**
   * The tool call that caused this event: of a nested call or of a sub-agent. It is open, or what it started goes on in
   * the background. Absent at the top.
   */
  readonly parent?: ToolCallId;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Everything a run says. Deltas only, never a growing snapshot; plain JSON. */
export type AgentEvent = DurableEvent | EphemeralEvent;

/** The journal is exactly these. */
export type DurableEvent = Envelope & DurableBody;
/** Seen live, not kept. */
export type EphemeralEvent = Envelope & EphemeralBody;

export type EventBody = DurableBody | EphemeralBody;

export type DurableBody =
  | RunStart
  | { readonly type: "message"; readonly message: Message }
  | ToolIntent
  | ToolPlan
  | PermissionDecision
  | PermissionPending
  | CompactionEvent
  | SideCallEvent
  | HookEvent
  | CheckpointEvent
  | RewindEvent
  | { readonly type: "task"; readonly task: TaskState }
  | ({ readonly type: "run-end" } & RunEnd);

export interface RunStart {
  readonly type: "run-start";
  readonly schema: number;
  /** Digest of what shapes a request: model, system prompt, tools, limits. */
  readonly config: string;
  readonly model: ModelRef;
  /** The system prompt, where it differs from the one of the session's run before. Resume sends the same bytes. */
  readonly system?: string;
  /**
   * The definitions of `RunOptions.keptTools`, where they differ from those of the session's run before. Resume shows the
   * same.
   */
  readonly tools?: readonly ToolSpec[];
  readonly cwd?: string;
  /** The sub-agent that runs. Its runs in a session are one conversation. */
  readonly agent?: AgentIdentity;
}

/** Written before a tool starts, so that a crash can tell "never started" from "may have happened". */
export interface ToolIntent {
  readonly type: "tool-intent";
  readonly call: ToolCallId;
  readonly tool: string;
  readonly effects: readonly Effect[];
  readonly effectClass: EffectClass;
  /** The same for every attempt at this call, and of no other call anywhere. */
  readonly idempotencyKey: string;
}

/** Said by a tool inside its call, before it changes something: what a reconciliation after a crash starts from. */
export interface ToolPlan {
  readonly type: "tool-plan";
  readonly call: ToolCallId;
  readonly plan: JsonValue;
}

export interface PermissionDecision {
  readonly type: "permission-decision";
  readonly call: ToolCallId;
  readonly tool: string;
  readonly decision: "allow" | "deny";
  readonly by: DeniedBy;
  readonly reason: string;
  /** The rule that decided, as it is written in its file. */
  readonly rule?: string;
  readonly effects: readonly Effect[];
  /** The input that was judged, where a hook rewrote what the model asked for. */
  readonly input?: JsonValue;
  readonly remember?: Remember;
}

/** A question whose answer will come later, perhaps to another process: exactly what was asked about. */
export interface PermissionPending {
  readonly type: "permission-pending";
  readonly request: PermissionRequest;
}

export interface CompactionEvent {
  readonly type: "compaction";
  readonly strategy: string;
  readonly cause: "threshold" | "overflow" | "manual";
  readonly edits: readonly CompactionEdit[];
  /** Bytes of the conversation as JSON, before and after. */
  readonly before: number;
  readonly after: number;
}

/** Written before a file is replaced or removed: what it was, and what it will be. */
export interface CheckpointEvent {
  readonly type: "checkpoint";
  /** Absolute, without links. */
  readonly path: string;
  readonly before: FileContent;
  /** SHA-256 of the new content, in hex; `absent` where the file is removed. */
  readonly after: string;
}

/** What a file was. `sha256` in hex; `kept`: the content can be had by it. */
export type FileContent =
  | { readonly state: "absent" }
  | { readonly state: "kept" | "not-kept"; readonly sha256: string };

/** The conversation is put back to what it was before an earlier event. Nothing is taken out of the journal. */
export interface RewindEvent {
  readonly type: "rewind";
  /** The `seq` of that event. */
  readonly to: number;
  readonly edits: readonly CompactionEdit[];
}

/** A model call that is no part of the conversation, and is paid for by it. */
export interface SideCallEvent {
  readonly type: "side-call";
  readonly purpose: string;
  readonly model: ModelRef;
  readonly usage: Usage;
}

/** A hook ran. Whoever configured it permitted its effects: this is the record of them. */
export interface HookEvent {
  readonly type: "hook";
  /** What it was called for, such as `PreToolUse`. */
  readonly event: string;
  /** The hook, as its list names it. */
  readonly name: string;
  /** Who configured it, such as `user settings`. */
  readonly source: string;
  readonly outcome:
    | "ok"
    /** It refused, blocked, or made the run go on. */
    | "blocked"
    /** It gave no answer that can be understood, for the reason given; what then holds is `instead`. */
    | "failed"
    | "timed-out"
    | "cancelled"
    /** It was not run: a rule denies what it would do. */
    | "not-permitted";
  /** What a guard that failed came to. */
  readonly instead?: "deny" | "ask" | "allow";
  readonly durationMs: number;
  readonly reason?: string;
  /** What it says to people. */
  readonly message?: string;
  /** The call that it looked at. */
  readonly call?: ToolCallId;
}

export interface TaskState {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly status: "pending" | "running" | "completed" | "failed" | "cancelled";
  /** How it ended, in words; present once it has. */
  readonly summary?: string;
  /** The sub-agent that started it, by its id: it ends with that agent's work. Absent: the conversation did. */
  readonly agent?: string;
  /** The file that its output goes to; absolute. */
  readonly output?: string;
  /** The model knows its end: from the result of a call, or by a message. Journaled for the first alone. */
  readonly told?: true;
}

export type EphemeralBody =
  | { readonly type: "turn-start"; readonly turn: number }
  | { readonly type: "turn-end"; readonly turn: number; readonly usage: Usage }
  | { readonly type: "message-delta"; readonly delta: ContentDelta }
  /** The whole call, before permission is asked. */
  | {
      readonly type: "tool-start";
      readonly call: ToolCallId;
      readonly tool: string;
      readonly input: JsonValue;
    }
  | { readonly type: "tool-progress"; readonly call: ToolCallId; readonly text: string }
  | {
      readonly type: "tool-end";
      readonly call: ToolCallId;
      readonly tool: string;
      readonly outcome: ToolOutcome;
      readonly durationMs: number;
    }
  | { readonly type: "permission-request"; readonly request: PermissionRequest }
  | Extract<ModelDelta, { readonly type: "retry" }>
  /** A level, not an edge: all tasks of the session, each time one changes. */
  | { readonly type: "tasks"; readonly tasks: readonly TaskState[] }
  | {
      readonly type: "notice";
      readonly level: "info" | "warning";
      readonly code: string;
      readonly text: string;
    };

/** The deltas that carry content; a retry has an event of its own. */
export type ContentDelta = Exclude<ModelDelta, { readonly type: "retry" }>;

const durable: ReadonlySet<string> = new Set<DurableBody["type"]>([
  "run-start",
  "message",
  "tool-intent",
  "tool-plan",
  "permission-decision",
  "permission-pending",
  "compaction",
  "side-call",
  "hook",
  "checkpoint",
  "rewind",
  "task",
  "run-end",
]);

export function isDurable(event: AgentEvent): event is DurableEvent {
  return durable.has(event.type);
}
