import type { AssistantMessage, Message, ToolOutcome, ToolSpec } from "@claw/agent-core";
import { plainText, text, toolCalls } from "@claw/agent-core";
import { plannerModel } from "@claw/agent-provider";
import { describe, expect, test } from "vitest";
import { collect } from "./support/collect.ts";
import { request, user } from "./support/requests.ts";

const names = ["Bash", "Read", "Write", "Edit", "Glob", "Grep", "WebFetch", "TodoWrite"];

function specs(list: readonly string[]): readonly ToolSpec[] {
  return list.map((name) => ({ name, description: name, inputSchema: { type: "object" } }));
}

interface Played {
  readonly calls: readonly (readonly [string, unknown])[];
  readonly answer: string;
  readonly message: AssistantMessage;
}

/** Plays a prompt to its answer; each call gets the outcome of its turn. */
async function play(
  prompt: string,
  outcomes: readonly (string | ToolOutcome)[] = [],
  tools = names,
): Promise<Played> {
  const model = plannerModel();
  const messages: Message[] = [user(prompt)];
  const calls: [string, unknown][] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const { message } = await collect(model, request(messages, { tools: specs(tools) }));
    const made = toolCalls(message);
    if (made.length === 0) return { calls, answer: plainText(message.content), message };
    messages.push(message);
    for (const call of made) {
      const outcome = outcomes[calls.length] ?? "ok";
      calls.push([call.name, call.input]);
      messages.push({
        role: "tool",
        call: call.id,
        name: call.name,
        outcome: typeof outcome === "string" ? { status: "ok", content: [text(outcome)] } : outcome,
      });
    }
  }
  throw new Error("It never answered.");
}

describe("V5: without a script the stub is an honest planner", () => {
  test("what it does not understand it says in one line that names the way to a real model", async () => {
    for (const prompt of ["What is the meaning of life?", "", "hello"]) {
      const { answer, calls } = await play(prompt);
      expect(calls).toEqual([]);
      expect(answer.split("\n")).toHaveLength(1);
      expect(answer).toMatch(/^\[stub provider\] This is no model.*ANTHROPIC_API_KEY.*Ollama/);
    }
  });

  test.each([
    ["list files in the current directory", "Glob", { pattern: "*" }],
    ["List the files", "Glob", { pattern: "*" }],
    ["please list all files in src/tools", "Glob", { pattern: "*", path: "src/tools" }],
    ["read README.md", "Read", { file_path: "README.md" }],
    ["Show me the file `a b.txt`.", "Read", { file_path: "a b.txt" }],
    ["search for TODO in src", "Grep", { pattern: "TODO", path: "src", output_mode: "content", "-n": true }],
    ['search for "a and then b"', "Grep", { pattern: "a and then b", output_mode: "content", "-n": true }],
    ["find files *.ts", "Glob", { pattern: "**/*.ts" }],
    ["find files named package.json in packages", "Glob", { pattern: "**/package.json", path: "packages" }],
    ["run echo hello", "Bash", { command: "echo hello" }],
    ["Execute the command: `ls -la`", "Bash", { command: "ls -la" }],
    ["write hello world to out.txt", "Write", { file_path: "out.txt", content: "hello world" }],
    ['create a file a.txt with "x; y"', "Write", { file_path: "a.txt", content: "x; y" }],
    [
      "fetch https://example.test/a?b=c",
      "WebFetch",
      { url: "https://example.test/a?b=c", prompt: expect.any(String) },
    ],
    ["todo: wash, cook", "TodoWrite", { todos: [{ content: "wash" }, { content: "cook" }] }],
  ])("%s", async (prompt, tool, input) => {
    const { calls, answer, message } = await play(prompt, ["the result"]);
    expect(calls).toMatchObject([[tool, input]]);
    expect(answer).toContain("[stub provider] This is no model");
    expect(answer).toContain("the result");
    expect(message.usage).toEqual({ input: 0, output: 0, cost: 0 });
  });

  test("the answer names the real results", async () => {
    const { answer } = await play("list files in the current directory", ["README.md\nsrc"]);
    expect(answer).toContain("Glob *:\nREADME.md\nsrc");
  });

  test("without the best tool it takes the next one", async () => {
    expect((await play("list files", [], ["Bash"])).calls).toEqual([["Bash", { command: "ls" }]]);
    expect((await play("read it's.txt", [], ["Bash"])).calls).toEqual([
      ["Bash", { command: "cat 'it'\\''s.txt'" }],
    ]);
    expect((await play("search for a b in x", [], ["Bash"])).calls).toEqual([
      ["Bash", { command: "grep -rn -e 'a b' x" }],
    ]);
  });

  test("without any tool for it, it says so", async () => {
    const { answer, calls } = await play("fetch https://example.test", [], ["Bash"]);
    expect(calls).toEqual([]);
    expect(answer).toContain('There is no tool here for "fetch".');
  });

  test("several requests are done one after the other", async () => {
    const { calls, answer } = await play("list files and then read a.txt, then run date", [
      "a.txt",
      "AAA",
      "today",
    ]);
    expect(calls.map(([name]) => name)).toEqual(["Glob", "Read", "Bash"]);
    for (const said of ["a.txt", "AAA", "today"]) expect(answer).toContain(said);
  });

  test("W19: a denial is told as a denial, a failure as a failure", async () => {
    const { answer } = await play("run date and read a.txt and run pwd", [
      { status: "denied", by: "policy", content: [text("commands are not allowed")] },
      { status: "failed", content: [], error: { code: "tool-failed", message: "no such file" } },
      { status: "cancelled", content: [] },
    ]);
    expect(answer).toContain("Bash date was not permitted: commands are not allowed");
    expect(answer).toContain("Read a.txt failed: no such file");
    expect(answer).toContain("Bash pwd was cancelled.");
  });

  test("a second prompt in the same conversation begins anew", async () => {
    const model = plannerModel();
    const first = await collect(model, request([user("run date")], { tools: specs(names) }));
    const [made] = toolCalls(first.message);
    if (made === undefined) throw new Error("no call");
    const messages: Message[] = [
      user("run date"),
      first.message,
      { role: "tool", call: made.id, name: "Bash", outcome: { status: "ok", content: [text("now")] } },
      { ...first.message, content: [text("done")] },
      user("run pwd"),
    ];
    const second = await collect(model, request(messages, { tools: specs(names) }));
    expect(toolCalls(second.message)).toMatchObject([{ name: "Bash", input: { command: "pwd" } }]);
  });

  test("a long result is shortened, and says so", async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    const { answer } = await play("read a.txt", [lines]);
    expect(answer).toContain("line 59\n(and 40 more lines)");
  });

  test("the answer comes in deltas", async () => {
    const { deltas } = await collect(plannerModel(), request([user("hello")]));
    expect(deltas.length).toBeGreaterThan(5);
  });
});
