export { type AddressClass, addressClass, addressKind, ipv4Within, isLocalName } from "./address-class.ts";
export { answerText } from "./answer-text.ts";
export type { BegunCall } from "./begun-call.ts";
export type { Brand } from "./brand.ts";
export { type Backlog, hardBacklog, softBacklog } from "./broadcast.ts";
export { maxNesting } from "./call-pipeline.ts";
export { maxConcurrentCalls } from "./call-schedule.ts";
export { applyEdits, type CheckedPlan, checkPlan } from "./compaction.ts";
export { type Content, type FilePart, type ImagePart, plainText, type TextPart, text } from "./content.ts";
export { isCutOff, maxContinuations } from "./continuation.ts";
export { editDistance } from "./edit-distance.ts";
export type { CommandPlace, Effect, EffectClass, PathUse } from "./effect.ts";
export {
  type AgentEvent,
  type CheckpointEvent,
  type CompactionEvent,
  type ContentDelta,
  type DurableBody,
  type DurableEvent,
  type Envelope,
  type EphemeralBody,
  type EphemeralEvent,
  type EventBody,
  type FileContent,
  type HookEvent,
  isDurable,
  type PermissionDecision,
  type PermissionPending,
  type RewindEvent,
  type RunStart,
  type SideCallEvent,
  schemaVersion,
  type TaskState,
  type ToolIntent,
  type ToolPlan,
} from "./event.ts";
export { fitsEvent, maxEventBytes, roughBytes } from "./event-size.ts";
export { type Fault, FaultError, thrownText, toFault } from "./fault.ts";
export { type RunId, runId, type SessionId, sessionId, type ToolCallId, toolCallId } from "./ids.ts";
export { maxRunDepth } from "./inherit.ts";
export { inlineSteps } from "./inline-steps.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
export type { Limits } from "./limits.ts";
export { type LinkedAbort, linkedAbort } from "./linked-abort.ts";
export { longestTimer } from "./longest-timer.ts";
export { maxForcedTurns } from "./loop.ts";
export { stopAfter, warnAfter } from "./loop-guard.ts";
export { maxCompactionsInARow } from "./make-room.ts";
export { memoryJournal } from "./memory-journal.ts";
export {
  type AssistantMessage,
  type AssistantPart,
  type Message,
  type ModelRef,
  type Origin,
  type ReasoningPart,
  type Replay,
  type ToolCallPart,
  type ToolMessage,
  toolCalls,
  type UserMessage,
} from "./message.ts";
export type { ModelFault, ModelFaultCode } from "./model-fault.ts";
export { onAbort } from "./on-abort.ts";
export type { DeniedBy, ToolFault, ToolFaultCode, ToolOutcome } from "./outcome.ts";
export { parseUrl } from "./parse-url.ts";
export { type Answer, type Ask, askNobody, deferQuestions, type Remember } from "./ports/ask.ts";
export type { BeforeTool, BeforeToolVerdict } from "./ports/before-tool.ts";
export type { AgentIdentity, CallScope } from "./ports/call-scope.ts";
export type {
  Compact,
  CompactionEdit,
  CompactionLeave,
  CompactionPlan,
  CompactView,
  ContextExhausted,
  SideCall,
} from "./ports/compact.ts";
export type { Inbox } from "./ports/inbox.ts";
export type {
  Damage,
  Journal,
  JournalFaultCode,
  Lease,
  LeaseOptions,
  ReadOptions,
  SessionSummary,
} from "./ports/journal.ts";
export type {
  ByteRange,
  DirectoryEntry,
  ExecExit,
  ExecOutput,
  ExecRequest,
  Execution,
  FileStat,
  FileVersion,
  Machine,
  MachineFaultCode,
  WriteOptions,
} from "./ports/machine.ts";
export type { Model, ModelDelta, ModelRequest, OutputFormat, ToolSpec } from "./ports/model.ts";
export type { Opening, OpeningContext, OpeningWords } from "./ports/opening.ts";
export type { Decision, PermissionRequest, Policy } from "./ports/policy.ts";
export type { CallTrace, Reconcile, Reconciliation } from "./ports/reconcile.ts";
export type { Redact } from "./ports/redact.ts";
export type { RedactedPieces, RedactPieces } from "./ports/redact-pieces.ts";
export type {
  AfterToolVerdict,
  AnsweredRun,
  BeginVerdict,
  CompactionWish,
  CompactVerdict,
  EndedCall,
  EndVerdict,
  HookedRun,
  HooksOf,
  PlannedCompaction,
  QuestionVerdict,
  RunHooks,
} from "./ports/run-hooks.ts";
export type { ConfinedCommand, Sandbox, SandboxPolicy, SandboxState } from "./ports/sandbox.ts";
export type { Spill, Spilled, SpillStore } from "./ports/spill-store.ts";
export type { StepOptions, Steps } from "./ports/steps.ts";
export type { TaskFeed } from "./ports/task-feed.ts";
export type { CallContext, Preparation, PreparedCall, Toolbox } from "./ports/toolbox.ts";
export type { Transport, TransportRequest, TransportResponse } from "./ports/transport.ts";
export { type ProxyFault, type ProxyFaultCode, proxyFaultIn } from "./proxy-fault.ts";
export type { QuestionLine } from "./question-line.ts";
export { quickDigest } from "./quick-digest.ts";
export { recordBetweenRuns } from "./record-between-runs.ts";
export { redactionMark, redactionMarks, wasRedacted } from "./redaction-mark.ts";
export { type RunOptions, run } from "./run.ts";
export type { Denial, ParkedCall, RunEnd, RunEndReason, RunTotals } from "./run-end.ts";
export type { Run, RunResult } from "./run-handle.ts";
export { foldSession, type SessionFold, type SessionState } from "./session-fold.ts";
export { createSessionStream, type SessionStream } from "./session-stream.ts";
export type { Stop } from "./stop.ts";
export { type TimeLimit, timeLimit } from "./time-limit.ts";
export { aborted, untilAborted } from "./until-aborted.ts";
export { addUsage, type Usage } from "./usage.ts";
export { type WebTarget, webTarget } from "./web-target.ts";
export { withoutSecrets } from "./without-secrets.ts";
