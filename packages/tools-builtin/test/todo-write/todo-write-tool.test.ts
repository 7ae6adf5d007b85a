import { describe, expect, test } from "vitest";
import { createTodoList, type Todo } from "../../src/todo-write/todo-list.ts";
import { todoWriteTool } from "../../src/todo-write/todo-write-tool.ts";
import { callTool } from "../call-tool.ts";

const todo = (content: string, status: Todo["status"], activeForm?: string): Todo => ({
  content,
  status,
  ...(activeForm === undefined ? {} : { activeForm }),
});

describe("TodoWrite", () => {
  test("replaces the list that the host shows", async () => {
    const list = createTodoList([todo("Old", "pending")]);
    const todos = [
      todo("Test", "completed"),
      todo("Build", "in_progress", "Building"),
      todo("Ship", "pending"),
    ];
    const { text, outcome, effects } = await callTool(todoWriteTool({ todos: list }), { todos });
    expect(list.current()).toStrictEqual(todos);
    expect(text).toBe("1 of 3 steps done, now: Build.");
    expect(outcome).toMatchObject({ status: "ok", details: { todos } });
    expect(effects).toStrictEqual([]);
  });

  test("empties the list", async () => {
    const list = createTodoList([todo("Old", "pending")]);
    expect((await callTool(todoWriteTool({ todos: list }), { todos: [] })).text).toBe("0 of 0 steps done.");
    expect(list.current()).toStrictEqual([]);
  });

  test.each([
    ["two steps in progress", [todo("A", "in_progress"), todo("B", "in_progress")], "at most one may be"],
    ["a step without words", [todo("", "pending")], "content"],
    ["a status that is none", [{ content: "A", status: "done" }], "status"],
    ["no list", "A", "todos"],
  ])("refuses %s and keeps the list", async (_, todos, says) => {
    const list = createTodoList([todo("Old", "pending")]);
    const { text, outcome } = await callTool(todoWriteTool({ todos: list }), { todos });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid-input" } });
    expect(text).toContain(says);
    expect(list.current()).toStrictEqual([todo("Old", "pending")]);
  });
});
