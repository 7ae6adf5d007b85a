import { readdirSync, readFileSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue, toolCallId } from "@claw/agent-core";
import { createTaskRuntime } from "@claw/agent-tasks";
import { createToolbox, ok } from "@claw/agent-tools";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  builtinToolNames,
  builtinTools,
  createTodoList,
  readOnlyToolNames,
  type SubAgents,
} from "../src/index.ts";
import { callTool } from "./call-tool.ts";
import { memoryMachine } from "./memory-machine.ts";

const tasks = createTaskRuntime();
const agents: SubAgents = {
  kinds: [{ name: "general-purpose", description: "Any task." }],
  background: true,
  effects: () => [],
  start: async () => ok("started"),
  kindOf: async () => undefined,
  send: async () => ok("sent"),
};
const recall = async (): Promise<string> => "what was left out";
const tools = builtinTools({ machine: memoryMachine({ "/work/a": "x" }), tasks, agents, recall });
const { specs } = createToolbox({ tools, cwd: "/work" });

/** An ordinary call of each tool. */
const samples: Readonly<Record<string, JsonObject>> = {
  Bash: { command: "ls" },
  Read: { file_path: "a" },
  Write: { file_path: "a", content: "x" },
  Edit: { file_path: "a", old_string: "x", new_string: "y" },
  Glob: { pattern: "*" },
  Grep: { pattern: "x" },
  WebFetch: { url: "https://example.com/", prompt: "What is it?" },
  TodoWrite: { todos: [] },
  AskUserQuestion: {
    questions: [
      { question: "q", header: "h", options: ["a", "b"].map((label) => ({ label, description: "d" })) },
    ],
  },
  TaskOutput: { task_id: "shell_1", block: false },
  TaskStop: { task_id: "shell_1" },
  Monitor: { task_id: "shell_1", pattern: "ready" },
  Recall: { reference: "c1" },
  Agent: { description: "look", prompt: "Look around." },
  SendMessage: { to: "Explore-1", message: "And then?" },
};

/** What an agent does is judged call by call; yet who may only read starts none. */
const starters = ["Agent", "SendMessage"];

/** The tools that touch nothing outside the session. Each new one needs a reason to be here. */
const withoutEffects = [
  "TodoWrite",
  "AskUserQuestion",
  "TaskOutput",
  "TaskStop",
  "Monitor",
  "Recall",
  ...starters,
];

async function effectTypes(tool: string): Promise<readonly string[]> {
  const call = { type: "tool-call" as const, id: toolCallId("c"), name: tool, input: samples[tool] ?? {} };
  const prepared = await createToolbox({ tools, cwd: "/work" }).prepare(call);
  if (prepared.type === "rejected") throw new Error(`The sample of ${tool} does not fit its schema.`);
  return prepared.call.effects.map((effect) => effect.type);
}

describe("the built-in tools", () => {
  test("come in one order, under the names that models know", () => {
    expect(tools.map((tool) => tool.name)).toStrictEqual(builtinToolNames);
    expect(builtinToolNames).toStrictEqual(Object.keys(samples));
  });

  test("are described in less than 10 kB of JSON, as the same bytes each time", () => {
    const json = JSON.stringify(specs);
    expect(json.length).toBeLessThan(10_000);
    expect(
      JSON.stringify(
        createToolbox({ tools: builtinTools({ machine: memoryMachine(), tasks, agents, recall }), cwd: "/" })
          .specs,
      ),
    ).toBe(json);
  });

  test.each(builtinToolNames)("%s declares what it does, unless it is known to do nothing", async (name) => {
    expect((await effectTypes(name)).length === 0).toBe(withoutEffects.includes(name));
  });

  test.each(builtinToolNames)("%s is called read-only when and only when it reads at most", async (name) => {
    const readsAtMost = (await effectTypes(name)).every((type) => type === "read");
    expect(readOnlyToolNames.includes(name)).toBe(readsAtMost && !starters.includes(name));
  });

  test.each(builtinToolNames)("every parameter of %s is named in its tests", (name) => {
    const folder = name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    const sources = sourcesIn(new URL(`./${folder}/`, import.meta.url));
    const schema = specs.find((spec) => spec.name === name)?.inputSchema;
    const unnamed = parametersOf(schema).filter(
      (parameter) => !new RegExp(`(?<![\\w-])${parameter}(?!\\w)`).test(sources),
    );
    expect(parametersOf(schema)).not.toHaveLength(0);
    expect(unnamed).toStrictEqual([]);
  });

  test("W14: any input is answered, and what does not fit a schema runs nothing", async () => {
    const machine = memoryMachine({ "/work/a": "x" });
    const unconnected = () => Promise.reject(new Error("Nothing is reached from here."));
    const all = builtinTools({
      machine,
      grep: { programs: [] },
      question: unconnected,
      tasks,
      agents,
      recall,
    });
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom("a", "/work/a", "x", "", -1, 0, 2 ** 53));
    // WebFetch is left out: an input that fits would reach for the network.
    const offline = all.filter((tool) => tool.name !== "WebFetch");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...offline),
        fc.record({ key: fc.nat(), one: value, other: value }),
        async (tool, given) => {
          const input = Object.entries(samples[tool.name] ?? {});
          const [changed] = input[given.key % input.length] ?? [""];
          const sample = { ...samples[tool.name], [changed]: given.one, extra: given.other };
          for (const each of [given.one, sample, { ...samples[tool.name], [changed]: given.one }]) {
            // What fast-check makes for JSON is JSON.
            const { outcome } = await callTool(tool, each as JsonValue);
            expect(outcome).not.toMatchObject({ error: { code: "tool-broken" } });
            if (each === sample) expect(outcome).toMatchObject({ error: { code: "invalid-input" } });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("without a task runtime no tool offers the background", () => {
  const { specs: foreground } = createToolbox({
    tools: builtinTools({ machine: memoryMachine() }),
    cwd: "/",
  });
  expect(foreground.map(({ name }) => name)).not.toContain("TaskOutput");
  expect(JSON.stringify(foreground)).not.toContain("background task");
  expect(JSON.stringify(foreground)).not.toContain("run_in_background");
});

describe("the tools of one session", () => {
  test("share what was read, and no other session's", async () => {
    const machine = memoryMachine({ "/work/a": "x" });
    const [mine, theirs] = [builtinTools({ machine }), builtinTools({ machine })];
    const call = (session: typeof mine, name: string) => {
      const tool = session.find((each) => each.name === name);
      if (tool === undefined) throw new Error(`There is no ${name}.`);
      return callTool(tool, samples[name] ?? {});
    };
    await call(mine, "Read");
    expect((await call(theirs, "Edit")).text).toContain("has not been read in this session");
    expect((await call(mine, "Edit")).outcome.status).toBe("ok");
    expect((await call(mine, "Write")).outcome.status).toBe("ok");
  });

  test("keep the plan where the host sees it, and put questions to the host's person", async () => {
    const todos = createTodoList();
    const question = () => Promise.resolve([{ selected: ["a"] }]);
    const session = builtinTools({ machine: memoryMachine(), todos, question, home: "/home/me" });
    const text = async (name: string, input: JsonValue) => {
      const tool = session.find((each) => each.name === name);
      return tool === undefined ? "" : (await callTool(tool, input)).text;
    };
    await text("TodoWrite", { todos: [{ content: "Plan", status: "pending" }] });
    expect(todos.current()).toStrictEqual([{ content: "Plan", status: "pending" }]);
    expect(await text("AskUserQuestion", samples["AskUserQuestion"] ?? {})).toContain("→ a");
    expect(await text("Read", { file_path: "~/a" })).toContain("/home/me/a does not exist");
  });
});

/** The names of all properties, at every depth. */
function parametersOf(schema: JsonValue | undefined): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const inside = Object.entries(properties).flatMap(([name, value]) => [name, ...parametersOf(value)]);
  return [...inside, ...parametersOf(schema["items"])];
}

function sourcesIn(folder: URL): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return names.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
}
