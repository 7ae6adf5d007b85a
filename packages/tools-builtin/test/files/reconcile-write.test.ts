import { type JsonValue, type Reconciliation, toolCallId } from "@claw/agent-core";
import { type AnyTool, createToolbox } from "@claw/agent-tools";
import { describe, expect, test } from "vitest";
import { editTool } from "../../src/edit/edit-tool.ts";
import { createFileLedger } from "../../src/files/file-ledger.ts";
import { readTool } from "../../src/read/read-tool.ts";
import { writeTool } from "../../src/write/write-tool.ts";
import { memoryMachine } from "../memory-machine.ts";

const signal = new AbortController().signal;
const call = toolCallId("call-1");

/** Two lives of a session over the same files: what the first one planned, the second one looks up. */
function twoLives(content?: string) {
  const machine = memoryMachine(content === undefined ? {} : { "/work/a": content });
  const toolsOf = (ledger = createFileLedger()): readonly AnyTool[] => [
    readTool({ machine, ledger }),
    writeTool({ machine, ledger }),
    editTool({ machine, ledger }),
  ];
  const prepared = async (tools: readonly AnyTool[], name: string, input: JsonValue) => {
    const made = await createToolbox({ tools, cwd: "/work" }).prepare({
      type: "tool-call",
      id: call,
      name,
      input,
    });
    if (made.type === "rejected") throw new Error("the call does not fit");
    return made.call;
  };
  const plans: JsonValue[] = [];
  const context = {
    call,
    cwd: "/work",
    signal,
    idempotencyKey: "key",
    progress: () => undefined,
    plan: async (detail: JsonValue) => {
      plans.push(detail);
    },
    invoke: () => Promise.reject(new Error("none")),
  };
  const first = toolsOf();
  const second = toolsOf();
  return {
    machine,
    plans,
    act: async (name: string, input: JsonValue) => (await prepared(first, name, input)).run(context),
    again: async (name: string, input: JsonValue) => (await prepared(second, name, input)).run(context),
    lookUp: async (name: string, input: JsonValue, plan = plans.at(-1)): Promise<Reconciliation> => {
      const { reconcile } = await prepared(second, name, input);
      if (reconcile === undefined) throw new Error("it cannot be looked up");
      const trace = { call, cwd: "/work", idempotencyKey: "key" };
      return reconcile(plan === undefined ? trace : { ...trace, plan }, signal);
    },
  };
}

const write = { file_path: "a", content: "two" };
const edit = { file_path: "a", old_string: "one", new_string: "two" };

describe("rank 20: after a crash a file tool finds out what became of its call", () => {
  test.each([
    ["Write", write],
    ["Edit", edit],
  ] as const)("%s: done when the file holds what was planned", async (name, input) => {
    const { act, lookUp } = twoLives("one");
    await act("Read", { file_path: "a" });
    await act(name, input);
    expect(await lookUp(name, input)).toMatchObject({ type: "done", outcome: { status: "ok" } });
  });

  test.each([
    ["Write", write],
    ["Edit", edit],
  ] as const)("%s: not done when the file is still what it was, and then it can be", async (name, input) => {
    const { act, again, lookUp, machine } = twoLives("one");
    await act("Read", { file_path: "a" });
    const untouched = machine.files.get("/work/a");
    await act(name, input);
    if (untouched) machine.files.set("/work/a", untouched);
    const version = (await machine.stat("/work/a", signal))?.version ?? null;
    const found = await lookUp(name, input, { path: "/work/a", expect: version, sha256: "0" });
    expect(found).toEqual({ type: "not-done" });
    expect(await again(name, input)).toMatchObject({ status: "ok" });
  });

  test("not done when the call had not got as far as planning", async () => {
    const { lookUp } = twoLives("one");
    expect(await lookUp("Write", write)).toEqual({ type: "not-done" });
  });

  test("not done when the new file is not there", async () => {
    const { lookUp } = twoLives();
    const plan = { path: "/work/a", expect: null, sha256: "0" };
    expect(await lookUp("Write", write, plan)).toEqual({ type: "not-done" });
  });

  test.each<[string, JsonValue]>([
    ["somebody else changed the file", { path: "/work/a", expect: "older", sha256: "0" }],
    ["the file is gone", { path: "/work/b", expect: "older", sha256: "0" }],
    ["the plan is not one of ours", "nonsense"],
  ])("unknown when %s", async (_what, plan) => {
    const { lookUp } = twoLives("one");
    expect(await lookUp("Write", write, plan)).toEqual({ type: "unknown" });
  });

  test("the plan stands before the file is touched", async () => {
    const { act, plans, machine } = twoLives();
    const real = machine.write;
    let planned = 0;
    Object.assign(machine, {
      write: (...args: Parameters<typeof real>) => {
        planned = plans.length;
        return real(...args);
      },
    });
    await act("Write", write);
    expect(planned).toBe(1);
    expect(plans[0]).toMatchObject({
      path: "/work/a",
      expect: null,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
