import { readCarried } from "@claw/agent-compact";
import { isJsonObject, type JsonObject, type JsonValue, type Message, toolCalls } from "@claw/agent-core";
import type { TaskRuntime } from "@claw/agent-tasks";
import { type FileState, type FileStateSources, fileStates } from "./file-states.ts";

export interface FactSources extends FileStateSources {
  readonly tasks: Pick<TaskRuntime, "list">;
  /** The file that a call names, absolute. */
  readonly pathOf: (path: string) => string;
}

/**
 * What the session knows and no summary may lose: open steps, tasks that run, files and their hashes, calls in doubt. Lists go on from
 * those that earlier compactions carried. `mostFiles`: the newest ones that are named.
 */
export async function sessionFacts(
  messages: readonly Message[],
  sources: FactSources,
  mostFiles: number,
  signal: AbortSignal,
): Promise<JsonObject> {
  const todos = openTodos(messages);
  const files = await filesOf(messages, sources, mostFiles, signal);
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

/** What an earlier compaction carried under a name. */
function carriedList(messages: readonly Message[], name: string): readonly JsonObject[] {
  return messages.flatMap((message) => {
    if (message.role !== "user" || message.origin !== "compaction") return [];
    const list = readCarried(message)?.facts[name];
    return Array.isArray(list) ? list.filter(isJsonObject) : [];
  });
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

/** The newest first. */
async function filesOf(
  messages: readonly Message[],
  sources: FactSources,
  mostFiles: number,
  signal: AbortSignal,
): Promise<readonly FileState[]> {
  const before = new Map(
    carriedList(messages, "files_read_or_written").flatMap((file) => {
      const { path } = file;
      return typeof path === "string" ? [[path, { ...file, path }] as const] : [];
    }),
  );
  const named = [...new Set([...pathsIn(messages, sources.pathOf), ...before.keys()])].slice(0, mostFiles);
  const states = await fileStates(named, sources, signal);
  // What an earlier process read is not in the ledger: what was carried of it holds.
  return states.map((state) => (Object.keys(state).length > 1 ? state : (before.get(state.path) ?? state)));
}

function* pathsIn(messages: readonly Message[], pathOf: FactSources["pathOf"]): Generator<string> {
  for (const message of messages.toReversed()) {
    if (message.role !== "assistant") continue;
    for (const { name, input } of toolCalls(message).toReversed()) {
      const named = fileTools.has(name) && isJsonObject(input) ? input["file_path"] : undefined;
      if (typeof named === "string") yield pathOf(named);
    }
  }
}

const fileTools: ReadonlySet<string> = new Set(["Read", "Write", "Edit"]);

/** How many are named, at most: the newest ones. */
const mostDoubts = 20;

function callsInDoubt(messages: readonly Message[]): readonly JsonObject[] {
  const here = messages.flatMap((message) => {
    if (message.role !== "tool" || message.outcome.status !== "failed") return [];
    return message.outcome.error.code === "outcome-unknown"
      ? [{ call: message.call, tool: message.name }]
      : [];
  });
  return [...carriedList(messages, "calls_of_unknown_outcome"), ...here].slice(-mostDoubts);
}
