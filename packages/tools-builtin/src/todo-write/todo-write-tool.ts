import type { ToolOutcome } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";
import type { Todo, TodoList } from "./todo-list.ts";

export interface TodoWriteInput {
  /** The whole list: it replaces the one before. */
  readonly todos: readonly Todo[];
}

/** Lets the model keep a plan that people can see. Touches nothing outside the session. */
export function todoWriteTool(options: { readonly todos: TodoList }): AnyTool {
  return defineTool({
    name: "TodoWrite",
    description:
      "Replaces your list of steps, which the person sees. For work of three or more steps: keep one in_progress, " +
      "and mark a step completed as soon as it is done.",
    input: jsonSchema<TodoWriteInput>({
      type: "object",
      properties: {
        todos: {
          type: "array",
          maxItems: 200,
          items: {
            type: "object",
            properties: {
              content: { type: "string", minLength: 1, description: 'Such as "Run the tests"' },
              status: { type: "string", enum: ["pending", "in_progress", "completed"] },
              activeForm: { type: "string", description: 'Such as "Running the tests"' },
            },
            required: ["content", "status"],
            additionalProperties: false,
          },
        },
      },
      required: ["todos"],
      additionalProperties: false,
    }),
    effects: () => [],
    effectClass: () => "idempotent",
    // Two lists in one reply must not overtake each other.
    concurrent: () => false,
    run: (input) => replaceTodos(options.todos, input.todos),
  });
}

function replaceTodos(list: TodoList, todos: readonly Todo[]): ToolOutcome {
  const count = (status: Todo["status"]): number => todos.filter((todo) => todo.status === status).length;
  const active = count("in_progress");
  if (active > 1) {
    return failed(
      "invalid-input",
      `${active} steps are in_progress, at most one may be. The list was not changed.`,
    );
  }
  list.replace(todos);
  const summary = `${count("completed")} of ${todos.length} steps done`;
  const current = todos.find((todo) => todo.status === "in_progress");
  return ok(current === undefined ? `${summary}.` : `${summary}, now: ${current.content}.`, { todos });
}
