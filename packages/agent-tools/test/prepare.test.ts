import { FaultError, type JsonValue } from "@claw/agent-core";
import { type AnyTool, createToolbox, defineTool, jsonSchema } from "@claw/agent-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { callOf, contextOf, faultCode, readyCall, rejection, textOf } from "./support.ts";

function toolNamed(name: string, more: Partial<AnyTool> = {}): AnyTool {
  return { name, description: "", input: z.looseObject({}), effects: () => [], run: () => name, ...more };
}

test.each([
  ["bash", "Bash"],
  ["Bsh", "Bash"],
  ["ReadFile", "Read_File"],
  ["create_issue", "mcp__github__create_issue"],
  ["run_bash", "Bash"],
  ["BashCommand", "Bash"],
])("T4: an unknown tool is an error with near names: %s", async (wrong, near) => {
  const ran: string[] = [];
  const names = ["Bash", "Read_File", "mcp__github__create_issue"];
  const tools = names.map((name) => toolNamed(name, { run: () => String(ran.push(name)) }));
  const outcome = await rejection(createToolbox({ cwd: "/work", tools }), callOf(wrong, {}));
  expect(faultCode(outcome)).toBe("unknown-tool");
  expect(textOf(outcome)).toContain(`Did you mean ${near}?`);
  expect(ran).toEqual([]);
});

test("T4: an unknown tool that resembles none lists them; names are untrusted", async () => {
  const toolbox = createToolbox({ cwd: "/work", tools: [toolNamed("Bash"), toolNamed("Read")] });
  for (const name of ["__proto__", "constructor", "toString", "", "x".repeat(1_000_000), "\ud800"]) {
    const outcome = await rejection(toolbox, callOf(name, {}));
    expect(faultCode(outcome)).toBe("unknown-tool");
    expect(textOf(outcome)).toContain("Bash, Read");
    expect(textOf(outcome).length).toBeLessThan(400);
    expect(textOf(outcome)).not.toMatch(/\p{Surrogate}/u);
  }
});

test("a filtered tool is neither shown nor found", async () => {
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [toolNamed("Read"), toolNamed("Write", { aliases: ["Save"] })],
    filter: (tool) => tool.name === "Read",
  });
  expect(toolbox.specs.map((spec) => spec.name)).toEqual(["Read"]);
  expect(toolbox.tools.map((tool) => tool.name)).toEqual(["Read"]);
  for (const name of ["Write", "Save"]) {
    expect(faultCode(await rejection(toolbox, callOf(name, {})))).toBe("unknown-tool");
  }
});

test("an alias finds the tool and is not shown", async () => {
  const toolbox = createToolbox({ cwd: "/work", tools: [toolNamed("Agent", { aliases: ["Task"] })] });
  expect((await readyCall(toolbox, "Task", {})).tool).toBe("Agent");
  expect(toolbox.specs.map((spec) => spec.name)).toEqual(["Agent"]);
});

test("two tools with one name, or a name no provider takes, are refused", () => {
  const make = (...tools: AnyTool[]) => {
    try {
      createToolbox({ cwd: "/work", tools });
      return "made";
    } catch (thrown) {
      return FaultError.isInstance(thrown) ? thrown.fault.code : String(thrown);
    }
  };
  expect(make(toolNamed("A"), toolNamed("A"))).toBe("duplicate-tool");
  expect(make(toolNamed("A"), toolNamed("B", { aliases: ["A"] }))).toBe("duplicate-tool");
  expect(make(toolNamed("a b"))).toBe("invalid-tool");
  expect(make(toolNamed(""))).toBe("invalid-tool");
});

test("W4, L9: arguments that are not JSON are an error with the parser's message; the tool is not run", async () => {
  const ran: unknown[] = [];
  const tool = toolNamed("Write", { run: () => String(ran.push(1)), effects: () => [] });
  const toolbox = createToolbox({ cwd: "/work", tools: [tool] });
  const outcome = await rejection(toolbox, callOf("Write", '{"a":', "Unexpected end of JSON input"));
  expect(faultCode(outcome)).toBe("malformed-input");
  expect(textOf(outcome)).toContain("Unexpected end of JSON input");
  expect(ran).toEqual([]);
});

const brokenChecks: readonly (readonly [string, Partial<AnyTool>])[] = [
  [
    "effects throw",
    {
      effects: () => {
        throw new Error("bad effects");
      },
    },
  ],
  // What tools without types can do.
  ["effects are no list", { effects: () => undefined as never }],
  ["effects are of no known type", { effects: () => [{ type: "magic" } as never] }],
  ["an effect has a relative path", { effects: () => [{ type: "write", path: "../x" }] }],
  [
    "the schema throws",
    {
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: () => {
            throw "a string";
          },
          jsonSchema: { input: () => ({ type: "object" }) },
        },
      },
    },
  ],
  [
    "the schema rejects",
    {
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: () => Promise.reject(new Error("later")),
          jsonSchema: { input: () => ({ type: "object" }) },
        },
      },
    },
  ],
  ["the time limit is not one", { timeoutMs: Number.NaN }],
];
test.each(brokenChecks)(
  "a tool that cannot check a call breaks that call, which never runs: %s",
  async (_, more) => {
    const outcome = await rejection(
      createToolbox({ cwd: "/work", tools: [toolNamed("Odd", more)] }),
      callOf("Odd", {}),
    );
    expect(faultCode(outcome)).toBe("tool-broken");
  },
);

test("W15, W20: effects, class and concurrency are functions of the input", async () => {
  const File = defineTool({
    name: "File",
    description: "",
    input: z.object({ path: z.string(), write: z.boolean().optional() }),
    effects: ({ path, write }, { cwd }) => [{ type: write ? "write" : "read", path: `${cwd}/${path}` }],
    run: () => "",
  });
  const toolbox = createToolbox({ cwd: "/work", tools: [File] });
  expect(await readyCall(toolbox, "File", { path: "a" })).toMatchObject({
    effects: [{ type: "read", path: "/work/a" }],
    effectClass: "pure",
    concurrent: true,
  });
  expect(await readyCall(toolbox, "File", { path: "a", write: true })).toMatchObject({
    effects: [{ type: "write", path: "/work/a" }],
    effectClass: "unknown",
    concurrent: false,
  });
});

test("nobody can change what was judged: not the tool, not a policy, not the conversation's holder", async () => {
  const input = { list: ["a"] };
  const seen: unknown[] = [];
  const tool = defineTool({
    name: "Take",
    description: "",
    input: jsonSchema<{ list: string[] }>({ type: "object" }),
    effects: () => [],
    run: (value) => {
      seen.push(structuredClone(value));
      value.list.push("from the tool");
      return "";
    },
  });
  const call = await readyCall(createToolbox({ cwd: "/work", tools: [tool] }), "Take", input);
  // What a careless policy or hook can do.
  (call.input as { list: string[] }).list.push("from a policy");
  input.list.push("from the holder");
  await call.run(contextOf());
  expect(seen).toEqual([{ list: ["a"] }]);
});

test("W14, R2: no input makes prepare reject or throw, and what is ready fits the schema", async () => {
  const schema = z.strictObject({
    file_path: z.string(),
    offset: z.int().min(1).optional(),
    edits: z.array(z.strictObject({ old: z.string(), new: z.string() })).optional(),
  });
  const plain = jsonSchema(JSON.parse(JSON.stringify(z.toJSONSchema(schema))));
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [toolNamed("Zod", { input: schema }), toolNamed("Plain", { input: plain })],
  });
  const field = fc.constantFrom("file_path", "offset", "edits", "__proto__", "filePath", "", "a/b~c%#");
  const input = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.string(), fc.integer({ min: 1 }))),
  );
  await fc.assert(
    fc.asyncProperty(input, fc.constantFrom("Zod", "Plain"), async (given, name) => {
      // fast-check makes plain JSON.
      const value = JSON.parse(JSON.stringify(given)) as JsonValue;
      const preparation = await toolbox.prepare(callOf(name, value));
      const fits = schema.safeParse(value).success;
      expect(preparation.type).toBe(fits ? "ready" : "rejected");
      if (preparation.type === "rejected") {
        expect(faultCode(preparation.outcome)).toBe("invalid-input");
        expect(textOf(preparation.outcome)).toContain("$");
      }
    }),
    { numRuns: 300 },
  );
});

test("an unlisted tool is found and not shown, unless it is filtered or nobody can be shown it", async () => {
  const hidden = new Map([
    ["Late", toolNamed("Late")],
    ["Refused", toolNamed("Refused")],
    ["Broken", toolNamed("no name")],
  ]);
  const toolbox = createToolbox({
    cwd: "/work",
    tools: [toolNamed("Read")],
    filter: (tool) => tool.name !== "Refused",
    unlisted: (name) => hidden.get(name),
  });
  expect(toolbox.specs.map((spec) => spec.name)).toEqual(["Read"]);
  expect((await readyCall(toolbox, "Late", {})).tool).toBe("Late");
  for (const name of ["Refused", "Broken", "None"]) {
    expect(faultCode(await rejection(toolbox, callOf(name, {})))).toBe("unknown-tool");
  }
});
