import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import type { Effect, JsonValue } from "@claw/agent-core";
import { toolCallId } from "@claw/agent-core";
import { fileSpillStore } from "@claw/agent-journal";
import { callEffects, currentToolName, toolNames } from "@claw/agent-permissions";
import { createTaskRuntime } from "@claw/agent-tasks";
import { createToolbox } from "@claw/agent-tools";
import { builtinToolNames, builtinTools, localMachine } from "@claw/tools-builtin";
import { describe, expect, test } from "vitest";

/** For each built-in tool, inputs that it takes. */
const inputs: Readonly<Record<string, readonly JsonValue[]>> = {
  Bash: [{ command: "ls" }, { command: "ls", timeout: 10 }],
  Read: [{ file_path: "a" }, { file_path: "/etc/x", limit: 3 }, { file_path: "~/x" }, { file_path: "../x" }],
  Write: [{ file_path: "a", content: "x" }],
  Edit: [{ file_path: "a/../b", old_string: "a", new_string: "b" }],
  Glob: [
    { pattern: "*" },
    { pattern: "src/**/*.ts" },
    { pattern: "/etc/*" },
    { pattern: "~/*" },
    { pattern: "../*", path: "sub" },
  ],
  Grep: [{ pattern: "x" }, { pattern: "x", path: "" }, { pattern: "x", path: "~/a" }],
  WebFetch: [{ url: "https://example.org/a", prompt: "x" }],
  TaskOutput: [{ task_id: "t" }],
  TaskStop: [{ task_id: "t" }],
  Monitor: [{ task_id: "t", pattern: "x" }],
  TodoWrite: [{ todos: [] }],
  AskUserQuestion: [
    {
      questions: [
        {
          question: "Which?",
          header: "Which",
          options: [
            { label: "a", description: "a" },
            { label: "b", description: "b" },
          ],
          multiSelect: false,
        },
      ],
    },
  ],
  Recall: [{ reference: "c1" }],
  Agent: [{ description: "look", prompt: "Look around." }],
  SendMessage: [{ to: "Explore-1", message: "And then?" }],
};

describe("what `decide` takes a call for is what the tool itself declares", () => {
  const place = { cwd: "/work", home: "/home/me" };
  const tasks = createTaskRuntime({ spill: fileSpillStore({ root: join(tmpdir(), "unused") }) });
  const tools = builtinTools({
    machine: localMachine(),
    home: place.home,
    question: async () => undefined,
    tasks,
    recall: async () => "what was left out",
    agents: {
      kinds: [{ name: "general-purpose", description: "Any task." }],
      background: true,
      effects: () => [],
      start: () => Promise.reject(new Error("Nothing is started here.")),
      kindOf: () => Promise.resolve(undefined),
      send: () => Promise.reject(new Error("Nothing is sent here.")),
    },
  });
  const toolbox = createToolbox({ tools, cwd: place.cwd });

  test.each(builtinToolNames)("%s", async (name) => {
    expect(inputs[name]).toBeDefined();
    for (const input of inputs[name] ?? []) {
      const prepared = await toolbox.prepare({ type: "tool-call", id: toolCallId("c"), name, input });
      if (prepared.type !== "ready") throw new Error(`${name} did not take its input`);
      expect(callEffects(name, input, place).map(normal)).toEqual(prepared.call.effects);
    }
  });

  test("rules and matchers know every old name of a tool", () => {
    for (const { name, aliases = [] } of tools) {
      expect(toolNames(name).slice(1).sort()).toEqual([...aliases].sort());
      for (const alias of aliases) expect(currentToolName(alias)).toBe(name);
    }
  });
});

function normal(effect: Effect): Effect {
  return effect.type === "read" || effect.type === "write"
    ? { ...effect, path: posix.resolve(effect.path) }
    : effect;
}
