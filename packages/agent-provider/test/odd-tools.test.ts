import type { ToolSpec } from "@claw/agent-core";
import type { MockModelOptions } from "@claw/testkit";
import { expect, test } from "vitest";
import { vendorKey } from "../src/vendor-names.ts";
import { collect } from "./support/collect.ts";
import { request, user } from "./support/requests.ts";
import { modelAt, wireCases, withMock } from "./support/wires.ts";

const oddTool: ToolSpec = {
  name: `odd_${"x".repeat(90)}`,
  description: "Has a schema that vendors refuse as it is.",
  inputSchema: {
    type: "object",
    properties: { kind: { type: "string" }, $filter: { type: "array" } },
    required: ["kind", "$filter"],
    anyOf: [
      { properties: { kind: { const: "a" }, a: { type: "array" } }, required: ["a", "both"] },
      { $ref: "#/$defs/B" },
    ],
    allOf: [{ required: ["all"] }],
    not: { required: ["x"] },
    $defs: { B: { properties: { b: { type: "object", default: { type: "array" } } }, required: ["both"] } },
  },
};
const bareTool: ToolSpec = { name: "Now", description: "The time.", inputSchema: { type: "object" } };

test.each(wireCases)(
  "L2 $name: a tool whose name or schema no vendor takes is told so that it is taken, and called by its own names",
  async ({ name, protocol }) => {
    const script: MockModelOptions["script"] = ({ tools }) => ({
      toolCalls: [{ name: tools[0] ?? "", input: { kind: "a", [vendorKey("$filter")]: ["f"], a: [1] } }],
    });
    await withMock(script, async (mock) => {
      const tools = [oddTool, bareTool];
      const { message, deltas } = await collect(modelAt(mock, protocol()), request([user("go")], { tools }));
      expect(mock.violations).toEqual([]);
      expect(message.content).toMatchObject([
        { type: "tool-call", name: oddTool.name, input: { kind: "a", $filter: ["f"], a: [1] } },
      ]);
      expect(deltas[0]).toMatchObject({ type: "tool-call-start", name: oddTool.name });
      if (name === "ollama-chat") return;
      const sent = mock.requests[0]?.raw ?? "";
      const filter = name === "anthropic-messages" ? vendorKey("$filter") : "$filter";
      expect(sent).toContain(`"required":["kind","${filter}","all","both"]`);
      expect(sent).toContain(
        `"kind":{"type":"string"},"${filter}":{"type":"array","items":{}},"a":{"type":"array"`,
      );
      expect(sent).toContain(`"default":{"type":"array"}`);
    });
  },
);

test("a schema that every vendor takes goes out as it is", async () => {
  const plain: ToolSpec = {
    ...bareTool,
    inputSchema: {
      type: "object",
      properties: { "a.b-c_D": { type: "array", items: { type: "string" } } },
      required: ["a.b-c_D"],
      additionalProperties: false,
    },
  };
  for (const { protocol } of wireCases) {
    const body = protocol()
      .body(request([user("go")], { tools: [plain] }))
      .join("");
    expect(body).toContain(JSON.stringify(plain.inputSchema));
  }
});
