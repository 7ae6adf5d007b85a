import type { JsonObject, JsonValue } from "@claw/agent-core";
import { createTaskRuntime } from "@claw/agent-tasks";
import { type AnyTool, createToolbox } from "@claw/agent-tools";
import { describe, expect, test } from "vitest";
import {
  type AskUserQuestionInput,
  askUserQuestionTool,
  type BashInput,
  bashTool,
  createFileLedger,
  createTaskReader,
  createTodoList,
  type EditInput,
  editTool,
  type GlobInput,
  type GrepInput,
  globTool,
  grepTool,
  type MonitorInput,
  monitorTool,
  type QuestionInput,
  type QuestionOption,
  type ReadInput,
  readTool,
  type TaskOutputInput,
  type TaskStopInput,
  type Todo,
  type TodoWriteInput,
  taskOutputTool,
  taskStopTool,
  todoWriteTool,
  type WebFetchInput,
  type WriteInput,
  webFetchTool,
  writeTool,
} from "../src/index.ts";
import { memoryMachine } from "./memory-machine.ts";

const tasks = createTaskRuntime();
const reader = createTaskReader(tasks);
const options = { machine: memoryMachine(), ledger: createFileLedger(), tasks };
const todoWrite = todoWriteTool({ todos: createTodoList() });
const ask = askUserQuestionTool({});

const option: Required<QuestionOption> = { label: "l", description: "d" };
const question: Required<QuestionInput> = {
  question: "q",
  header: "h",
  options: [option, option],
  multiSelect: true,
};
const todo: Required<Todo> = { content: "c", status: "pending", activeForm: "a" };

const bash: Required<BashInput> = {
  command: "c",
  timeout: 1,
  description: "d",
  run_in_background: true,
  dangerouslyDisableSandbox: true,
};
/** With a sandbox that a command may be asked to be outside of. */
const sandbox = { confines: () => true, offersOutside: true, explain: () => undefined };
const bashLeast: BashInput = { command: "c" };
const read: Required<ReadInput> = { file_path: "a", offset: 1, limit: 1 };
const readLeast: ReadInput = { file_path: "a" };
const write: Required<WriteInput> = { file_path: "a", content: "c" };
const edit: Required<EditInput> = { file_path: "a", old_string: "o", new_string: "n", replace_all: true };
const editLeast: EditInput = { file_path: "a", old_string: "o", new_string: "n" };
const glob: Required<GlobInput> = { pattern: "p", path: "a" };
const globLeast: GlobInput = { pattern: "p" };
const grep: Required<GrepInput> = {
  pattern: "p",
  path: "a",
  glob: "*",
  type: "ts",
  output_mode: "content",
  "-i": true,
  "-n": true,
  "-A": 1,
  "-B": 1,
  "-C": 1,
  head_limit: 1,
  offset: 1,
  multiline: true,
};
const grepLeast: GrepInput = { pattern: "p" };
const webFetch: Required<WebFetchInput> = { url: "https://example.com/", prompt: "p" };
const todos: Required<TodoWriteInput> = { todos: [todo] };
const todosLeast: TodoWriteInput = { todos: [{ content: "c", status: "pending" }] };
const asked: Required<AskUserQuestionInput> = { questions: [question] };
const askedLeast: AskUserQuestionInput = {
  questions: [{ question: "q", header: "h", options: [option, option] }],
};
const taskOutput: Required<TaskOutputInput> = { task_id: "t", block: false, timeout: 1, filter: "f" };
const taskStop: Required<TaskStopInput> = { task_id: "t" };
const monitor: Required<MonitorInput> = { task_id: "t", pattern: "p", timeout: 1 };

/**
 * Each schema against its TypeScript type: `full` has every field of the type (the compiler sees to that) and must
 * have every property of the schema; `least` has the required fields of the type and of the schema.
 */
const table: readonly (readonly [name: string, tool: AnyTool, full: object, least: object])[] = [
  ["Bash", bashTool({ ...options, sandbox }), bash, bashLeast],
  ["Read", readTool(options), read, readLeast],
  ["Write", writeTool(options), write, write],
  ["Edit", editTool(options), edit, editLeast],
  ["Glob", globTool(options), glob, globLeast],
  ["Grep", grepTool(options), grep, grepLeast],
  ["WebFetch", webFetchTool(), webFetch, webFetch],
  ["TodoWrite", todoWrite, todos, todosLeast],
  ["AskUserQuestion", ask, asked, askedLeast],
  ["TaskOutput", taskOutputTool({ tasks, reader }), taskOutput, { task_id: "t" }],
  ["TaskStop", taskStopTool({ tasks }), taskStop, taskStop],
  ["Monitor", monitorTool({ tasks, reader }), monitor, { task_id: "t", pattern: "p" }],
];

describe("the schema of a tool says what its TypeScript input type says", () => {
  test.each(table)("%s", async (_, tool, full, least) => {
    const schema = createToolbox({ tools: [tool], cwd: "/work" }).specs[0]?.inputSchema ?? {};
    expect(disagreements(schema, asJson(full), asJson(least))).toStrictEqual([]);
    for (const sample of [full, least]) {
      expect(await tool.input["~standard"].validate(asJson(sample))).not.toHaveProperty("issues");
    }
  });
});

function asJson(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue; // what JSON.parse returns
}

/** Where properties of the schema and fields of the samples differ, at every depth. */
function disagreements(
  schema: JsonValue | undefined,
  full: JsonValue,
  least: JsonValue,
  path = "$",
): readonly string[] {
  const { type, items, properties, required, additionalProperties } = objectOf(schema);
  if (type === "array") return disagreements(items, itemOf(full), itemOf(least), `${path}[]`);
  if (type !== "object") return [];
  const known = objectOf(properties);
  return [
    ...(additionalProperties === false ? [] : [`${path} is open`]),
    ...differences(Object.keys(known), Object.keys(objectOf(full)), `${path}: properties`),
    ...differences(
      Array.isArray(required) ? required.map(String) : [],
      Object.keys(objectOf(least)),
      `${path}: required`,
    ),
    ...Object.keys(known).flatMap((key) =>
      disagreements(known[key], objectOf(full)[key] ?? null, objectOf(least)[key] ?? null, `${path}.${key}`),
    ),
  ];
}

function differences(left: readonly string[], right: readonly string[], what: string): readonly string[] {
  const [one, other] = [[...left].sort().join(), [...right].sort().join()];
  return one === other ? [] : [`${what} ${one} and ${other}`];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  // Arrays and null aside, a JSON value of type object is a JSON object.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function itemOf(value: JsonValue): JsonValue {
  return Array.isArray(value) ? (value[0] ?? null) : null;
}
