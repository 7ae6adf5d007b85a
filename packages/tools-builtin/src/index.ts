export { type AgentInput, agentTool } from "./agent/agent-tool.ts";
export { type SendMessageInput, sendMessageTool } from "./agent/send-message-tool.ts";
export type { AgentKind, AgentRequest, MessageRequest, SubAgents } from "./agent/sub-agents.ts";
export type {
  AskQuestion,
  Question,
  QuestionAnswer,
  QuestionOption,
} from "./ask-user-question/ask-question.ts";
export {
  type AskUserQuestionInput,
  askUserQuestionTool,
  type QuestionInput,
} from "./ask-user-question/ask-user-question-tool.ts";
export { type BashSandbox, outsideParameter } from "./bash/bash-sandbox.ts";
export { type BashInput, type BashToolOptions, bashTool } from "./bash/bash-tool.ts";
export { type BuiltinToolsOptions, builtinTools } from "./builtin-tools.ts";
export { type EditInput, type EditToolOptions, editTool } from "./edit/edit-tool.ts";
export type { FileChange } from "./files/file-change.ts";
export { createFileLedger, type FileLedger, type SeenFile } from "./files/file-ledger.ts";
export { judgedMachine } from "./files/judged-machine.ts";
export { type GlobInput, type GlobToolOptions, globTool } from "./glob/glob-tool.ts";
export { type GrepInput, type GrepToolOptions, grepTool } from "./grep/grep-tool.ts";
export { ripgrepPrograms } from "./grep/ripgrep-programs.ts";
export { type LocalMachineOptions, localMachine } from "./machine/local-machine.ts";
export type { Confine } from "./machine/start-confined.ts";
export type { PdfForm } from "./read/read-pdf.ts";
export { type ReadInput, type ReadToolOptions, readTool } from "./read/read-tool.ts";
export { type Recall, type RecallInput, recallTool } from "./recall/recall-tool.ts";
export { type MonitorInput, type MonitorToolOptions, monitorTool } from "./tasks/monitor-tool.ts";
export {
  type TaskOutputInput,
  type TaskOutputToolOptions,
  taskOutputTool,
} from "./tasks/task-output-tool.ts";
export { createTaskReader, type TaskReader } from "./tasks/task-reader.ts";
export { type TaskStopInput, taskStopTool } from "./tasks/task-stop-tool.ts";
export { createTodoList, type Todo, type TodoList } from "./todo-write/todo-list.ts";
export { type TodoWriteInput, todoWriteTool } from "./todo-write/todo-write-tool.ts";
export { builtinToolNames, readOnlyToolNames } from "./tool-names.ts";
export type { FetchLimits } from "./web-fetch/fetch-page.ts";
export type { ProxiedPage, ProxiedPages } from "./web-fetch/proxied-pages.ts";
export type { AllowAddress, HostAddress, Lookup } from "./web-fetch/resolve-host.ts";
export { type WebFetchInput, type WebFetchToolOptions, webFetchTool } from "./web-fetch/web-fetch-tool.ts";
export { type WriteInput, type WriteToolOptions, writeTool } from "./write/write-tool.ts";
