export type { CompactionWork, Facts, Strategy } from "@claw/agent-compact";
export {
  type AgentEvent,
  type AgentIdentity,
  type Answer,
  type Ask,
  type AssistantMessage,
  type AssistantPart,
  askNobody,
  type BeforeTool,
  type BeforeToolVerdict,
  type CallContext,
  type CallScope,
  type CallTrace,
  type CommandPlace,
  type Compact,
  type CompactionEdit,
  type CompactionLeave,
  type CompactionPlan,
  type CompactView,
  type Content,
  type ContentDelta,
  type ContextExhausted,
  type Damage,
  type Decision,
  type Denial,
  type DeniedBy,
  type DurableEvent,
  deferQuestions,
  type Effect,
  type EffectClass,
  type EphemeralEvent,
  type Fault,
  FaultError,
  type FilePart,
  foldSession,
  type ImagePart,
  isCutOff,
  isJsonObject,
  type Journal,
  type JournalFaultCode,
  type JsonObject,
  type JsonValue,
  type Lease,
  type Limits,
  type Machine,
  type Message,
  type Model,
  type ModelDelta,
  type ModelFault,
  type ModelFaultCode,
  type ModelRef,
  type ModelRequest,
  memoryJournal,
  type Origin,
  type OutputFormat,
  type ParkedCall,
  type PathUse,
  type PermissionRequest,
  type Policy,
  plainText,
  type ReadOptions,
  type ReasoningPart,
  type Reconciliation,
  type Redact,
  type Remember,
  type Replay,
  type Run,
  type RunEnd,
  type RunId,
  type RunResult,
  type RunTotals,
  type Sandbox,
  type SandboxPolicy,
  type SandboxState,
  type SessionId,
  type SessionSummary,
  type SideCall,
  type StepOptions,
  type Steps,
  type Stop,
  sessionId,
  type TaskState,
  type TextPart,
  type ToolCallId,
  type ToolCallPart,
  type ToolFault,
  type ToolFaultCode,
  type ToolMessage,
  type ToolOutcome,
  type ToolSpec,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  text,
  thrownText,
  toFault,
  toolCallId,
  toolCalls,
  type Usage,
  type UserMessage,
} from "@claw/agent-core";
export type { AgentDefinition, Effort } from "@claw/agent-extensions";
export {
  type Brought,
  type GivenHook,
  type GivenHooks,
  type HookEventName,
  type HookFunction,
  type HookInput,
  type HookOutput,
  hookEvents,
  type InstructionFile,
  nearest,
  type Settings,
  type SettingsLayer,
  type SettingsSection,
  type SkippedInstruction,
  settingsScopes,
  type TrustedFolder,
  type WorkspaceTrust,
} from "@claw/agent-extensions";
export type {
  ConfiguredServer,
  Mcp,
  McpChange,
  PromptDefinition,
  ServerDefinition,
  ServerStatus,
} from "@claw/agent-mcp";
export {
  type CaseDecision,
  checkRules,
  type DecidedLine,
  decide,
  decideLine,
  type EffectiveMode,
  type Explanation,
  importRules,
  isCaseFault,
  modeOfLevel,
  type PermissionLevel,
  type PermissionMode,
  type PolicyCase,
  type PolicyPorts,
  permissionLevels,
  permissionModes,
  type RuleSurprise,
  readPolicyCase,
  visible,
} from "@claw/agent-permissions";
export {
  type CaseResult,
  type ConformanceScore,
  defaultModels,
  fromAiSdk,
  type Price,
  type ProviderName,
  providerNames,
  withFallback,
  withRetry,
} from "@claw/agent-provider";
export type { OutputSlice, Task } from "@claw/agent-tasks";
export {
  type AnyTool,
  defineTool,
  type EffectContext,
  failed,
  type JsonSchemaOptions,
  jsonSchema,
  type KnownSecret,
  ok,
  type SecretForm,
  type Tool,
  type ToolContext,
  type ToolFace,
  type ToolInput,
  type ToolResult,
  type ToolSchema,
} from "@claw/agent-tools";
export type { AskQuestion, Question, QuestionAnswer, QuestionOption } from "@claw/tools-builtin";
export type { Agent, AgentListing, AgentTasks, RunOptions } from "./agent.ts";
export type {
  AgentOptions,
  ModelOptions,
  PermissionOptions,
  SessionOptions,
  SettingsOptions,
} from "./agent-options.ts";
export { answerQuestions, type LateAnswer } from "./answer-questions.ts";
export { type AvailableModel, availableModels } from "./available-models.ts";
export { type ClawFolders, clawFolders, userHome } from "./claw-folders.ts";
export type { CompactionOptions } from "./compaction/compaction-options.ts";
export { type Conformance, checkConformance } from "./conformance.ts";
export { connectPatience } from "./connect-patience.ts";
export type { ContextUse, MeterOptions } from "./context-meter.ts";
export type { ContextPart } from "./context-parts.ts";
export { createAgent } from "./create-agent.ts";
export { type Check, diagnose } from "./diagnose.ts";
export { type ChangedDecision, diffPolicies, type PolicyDiff } from "./diff-policies.ts";
export { type ExitCode, exitCodeOf } from "./exit-code.ts";
export { explainCall } from "./explain-call.ts";
export type { AgentCommand } from "./extensions/agent-command.ts";
export {
  type ConnectExtensionModel,
  defineExtension,
  type Extension,
  type ExtensionCommand,
} from "./extensions/define-extension.ts";
export type { ExtensionKit, MakeExtension } from "./extensions/extension-kit.ts";
export type { ExtensionOptions } from "./extensions/extension-options.ts";
export { type FoundInstructions, findInstructions } from "./extensions/find-instructions.ts";
export { type LoadedExtensions, loadExtensions } from "./extensions/load-extensions.ts";
export type { HookOptions } from "./hooks/hook-options.ts";
export { type ListedHook, type ListedHooks, listHooks } from "./hooks/list-hooks.ts";
export type { McpLogout } from "./mcp/forget-tokens.ts";
export {
  approveMcpServer,
  declineMcpServer,
  type PendingMcpServer,
  pendingMcpServers,
} from "./mcp/mcp-approvals.ts";
export { type LoginHost, loginToMcpServer } from "./mcp/mcp-login.ts";
export { logoutOfAllMcpServers, logoutOfMcpServer } from "./mcp/mcp-logout.ts";
export type { McpOptions } from "./mcp/mcp-options.ts";
export {
  addMcpServer,
  getMcpServer,
  type HeardServer,
  listMcpServers,
  type McpWritableScope,
  mcpStatus,
} from "./mcp/mcp-servers.ts";
export type { McpServersOf } from "./mcp/mcp-surroundings.ts";
export { type McpRemoval, removeMcpServer } from "./mcp/remove-mcp-server.ts";
export { type ServeAgentOptions, serveAgent } from "./mcp/serve-agent.ts";
export { type NodeTransportOptions, nodeTransport } from "./node-transport.ts";
export { type AnswerFormat, outputFormat } from "./output-format.ts";
export { pendingQuestions } from "./pending-questions.ts";
export {
  checkPlugin,
  disablePlugin,
  enablePlugin,
  installPlugin,
  type ListedPlugin,
  listPlugins,
  type PluginsOf,
  type ShownPlugin,
  uninstallPlugin,
} from "./plugins/plugin-commands.ts";
export { policyPorts } from "./policy-ports.ts";
export { type PresetName, presets } from "./presets.ts";
export { pruneSessions } from "./prune-sessions.ts";
export { type Query, type QueryOptions, query } from "./query.ts";
export type { RedactOptions } from "./redaction/redact-options.ts";
export { rememberedSettingsFile } from "./remembered-settings-file.ts";
export type { RewindOptions, RewindPoint, RewindReport, RewoundFile } from "./rewind/rewind.ts";
export { rewindStoredSession, storedRewindPoints } from "./rewind/rewind-stored-session.ts";
export { type RunningTask, runningTasks, stopRunningTask } from "./running-tasks.ts";
export type { SandboxFilesystem, SandboxNetwork, SandboxOptions } from "./sandbox/sandbox-options.ts";
export { exportSession, listSessions, readSession, removeSession, type SessionsOf } from "./sessions.ts";
export { settingsSections } from "./settings-sections.ts";
export {
  distrustWorkspace,
  type TrustOf,
  trustedFolders,
  trustWorkspace,
  type WorkspaceState,
  workspaceState,
} from "./trust.ts";
