import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ToolCallPart,
  type ToolSpec,
} from "@claw/agent-core";
import { field } from "../../json-fields.ts";
import { type ExpectedCall, type ExpectedValue, isExpectedText } from "./conformance-case.ts";
import { schemaFault } from "./schema-fault.ts";

/** Why a call is not what it should be, whatever was expected: no such tool, no JSON, not the schema. */
export function callFault(call: ToolCallPart, tools: readonly ToolSpec[]): string | undefined {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return `it called ${call.name}, which is no tool`;
  if (call.malformed !== undefined) return `the arguments of ${call.name} are no JSON: ${call.malformed}`;
  const fault = schemaFault(call.input, tool.inputSchema);
  return fault === undefined ? undefined : `the arguments of ${call.name} do not fit: ${fault}`;
}

/** Whether a call is the expected one. */
export function isExpected(call: ToolCallPart, expected: ExpectedCall): boolean {
  const { input } = call;
  if (call.name !== expected.name || !isJsonObject(input)) return false;
  if (expected.exact && Object.keys(input).length !== Object.keys(expected.input).length) return false;
  return Object.entries(expected.input).every(([key, value]) => isValue(field(input, key), value));
}

function isValue(actual: JsonValue | undefined, expected: ExpectedValue): boolean {
  if (isExpectedText(expected)) return typeof actual === "string" && expected.pattern.test(actual);
  return actual !== undefined && isSame(actual, expected);
}

function isSame(left: JsonValue, right: JsonValue): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index] ?? null));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return left === right;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => isSameField(left, right, key));
}

function isSameField(left: JsonObject, right: JsonObject, key: string): boolean {
  const value = field(right, key);
  return value !== undefined && isSame(field(left, key) ?? null, value);
}
