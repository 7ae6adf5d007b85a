import type { Machine, SpillStore } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import type { AnyTool } from "@claw/agent-tools";
import { agentTool } from "./agent/agent-tool.ts";
import { sendMessageTool } from "./agent/send-message-tool.ts";
import type { SubAgents } from "./agent/sub-agents.ts";
import type { AskQuestion } from "./ask-user-question/ask-question.ts";
import { askUserQuestionTool } from "./ask-user-question/ask-user-question-tool.ts";
import { type BashToolOptions, bashTool } from "./bash/bash-tool.ts";
import { editTool } from "./edit/edit-tool.ts";
import { createFileLedger, type FileLedger } from "./files/file-ledger.ts";
import { type GlobToolOptions, globTool } from "./glob/glob-tool.ts";
import { type GrepToolOptions, grepTool } from "./grep/grep-tool.ts";
import { type ReadToolOptions, readTool } from "./read/read-tool.ts";
import { type Recall, recallTool } from "./recall/recall-tool.ts";
import { monitorTool } from "./tasks/monitor-tool.ts";
import { taskOutputTool } from "./tasks/task-output-tool.ts";
import { createTaskReader } from "./tasks/task-reader.ts";
import { taskStopTool } from "./tasks/task-stop-tool.ts";
import { createTodoList, type TodoList } from "./todo-write/todo-list.ts";
import { todoWriteTool } from "./todo-write/todo-write-tool.ts";
import { type WebFetchToolOptions, webFetchTool } from "./web-fetch/web-fetch-tool.ts";
import { writeTool } from "./write/write-tool.ts";

/** What the tools of one session are made of. */
export interface BuiltinToolsOptions {
  /** Where the tools act. */
  readonly machine: Machine;
  /** Where `~/` leads on it. Without it, `~` is a name like any other. */
  readonly home?: string;
  /** Gets the whole output of commands whose output was cut. Left out: the middle is lost. */
  readonly spill?: SpillStore;
  /** What the session has read. A new one by default; sharing one between sessions breaks its promise. */
  readonly ledger?: FileLedger;
  /** The session's plan, for the host to show. A new one by default. */
  readonly todos?: TodoList;
  /** Puts questions to a person. Left out: AskUserQuestion says that nobody can be asked. */
  readonly question?: AskQuestion;
  /** The session's background tasks. Left out: there are none, and no tool offers them. */
  readonly tasks?: TaskRuntime;
  /** What was left out of the conversation. Left out: nothing is, and no tool gives it back. */
  readonly recall?: Recall;
  /** The agents that can be started. Left out: there are none, and no tool offers them. */
  readonly agents?: SubAgents;
  readonly bash?: Omit<BashToolOptions, "machine" | "spill" | "tasks">;
  readonly read?: Pick<ReadToolOptions, "pdf" | "maxResultTokens">;
  readonly glob?: Omit<GlobToolOptions, "machine" | "home">;
  readonly grep?: Omit<GrepToolOptions, "machine" | "home">;
  readonly webFetch?: WebFetchToolOptions;
}

/** The built-in tools of one session, always in the same order: a change of it breaks a provider's prompt cache. */
export function builtinTools(options: BuiltinToolsOptions): readonly AnyTool[] {
  const {
    machine,
    spill,
    question,
    tasks,
    agents,
    ledger = createFileLedger(),
    todos = createTodoList(),
  } = options;
  const place = { machine, ...(options.home === undefined ? {} : { home: options.home }) };
  return [
    bashTool({
      ...options.bash,
      machine,
      ...(spill === undefined ? {} : { spill }),
      ...(tasks === undefined ? {} : { tasks }),
    }),
    readTool({ ...options.read, ...place, ledger }),
    writeTool({ ...place, ledger }),
    editTool({ ...place, ledger }),
    globTool({ ...options.glob, ...place }),
    grepTool({ ...options.grep, ...place }),
    webFetchTool({ ...options.webFetch }),
    todoWriteTool({ todos }),
    askUserQuestionTool(question === undefined ? {} : { ask: question }),
    ...(tasks === undefined ? [] : taskTools(tasks)),
    ...(options.recall === undefined ? [] : [recallTool({ recall: options.recall })]),
    ...(agents === undefined ? [] : [agentTool({ agents }), sendMessageTool({ agents })]),
  ];
}

function taskTools(tasks: TaskRuntime): readonly AnyTool[] {
  const reader = createTaskReader(tasks);
  return [taskOutputTool({ tasks, reader }), taskStopTool({ tasks }), monitorTool({ tasks, reader })];
}
