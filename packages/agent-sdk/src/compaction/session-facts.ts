import { isJsonObject, type JsonObject, type JsonValue, type Message, toolCalls } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import type { FileLedger } from "@claw/tools-builtin";

export interface FactSources {
  readonly tasks: Pick<TaskRuntime, "list">;
  readonly ledger: Pick<FileLedger, "seen">;
  /** The file that a call names, absolute. */
  readonly pathOf: (path: string) => string;
}

/** What the session knows and no summary may lose: open steps, tasks that run, files and their state, calls in doubt. */
export function sessionFacts(messages: readonly Message[], sources: FactSources): JsonObject {
  const todos = openTodos(messages);
  const files = filesOf(messages, sources);
  const doubts = callsInDoubt(messages);
  const running = sources.tasks
    .list()
    .filter(({ status }) => status === "pending" || status === "running")
    .map(({ id, kind, title }) => ({ id, kind, title }));
  return {
    // A list that is known to be empty replaces the one that was carried before.
    running_tasks: running,
    ...(todos === undefined ? {} : { open_todos: todos }),
    ...(files.length === 0 ? {} : { files_read_or_written: files }),
    ...(doubts.length === 0 ? {} : { calls_of_unknown_outcome: doubts }),
  };
}

/** Of the newest list; `undefined`: there is none among these messages. */
function openTodos(messages: readonly Message[]): readonly JsonValue[] | undefined {
  for (const message of messages.toReversed()) {
    if (message.role !== "assistant") continue;
    const call = toolCalls(message).findLast(({ name }) => name === "TodoWrite");
    const todos = isJsonObject(call?.input) ? call.input["todos"] : undefined;
    if (!Array.isArray(todos)) continue;
    return todos.filter((todo) => isJsonObject(todo) && todo["status"] !== "completed");
  }
  return undefined;
}

/** How many files are named, at most: the newest ones. */
const mostFiles = 40;

function filesOf(messages: readonly Message[], { ledger, pathOf }: FactSources): readonly JsonObject[] {
  const versions = new Map<string, string>();
  for (const message of messages.toReversed()) {
    if (message.role !== "assistant") continue;
    for (const { name, input } of toolCalls(message)) {
      if (!fileTools.has(name) || !isJsonObject(input) || versions.size >= mostFiles) continue;
      const named = input["file_path"];
      if (typeof named !== "string") continue;
      const path = pathOf(named);
      const seen = ledger.seen(path);
      if (seen !== undefined) versions.set(path, seen.version);
    }
  }
  return [...versions].map(([path, version]) => ({ path, version }));
}

const fileTools: ReadonlySet<string> = new Set(["Read", "Write", "Edit"]);

function callsInDoubt(messages: readonly Message[]): readonly JsonObject[] {
  return messages.flatMap((message) => {
    if (message.role !== "tool" || message.outcome.status !== "failed") return [];
    return message.outcome.error.code === "outcome-unknown"
      ? [{ call: message.call, tool: message.name }]
      : [];
  });
}
