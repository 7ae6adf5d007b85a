import {
  type Fault,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type ModelFaultCode,
} from "@claw/agent-core";
import { field } from "../json-fields.ts";
import { parseJson } from "../parse-json.ts";
import type { StopReason } from "../reply.ts";
import type { StubError, StubReply, StubScript, StubToolCall } from "./stub-script.ts";

/**
 * Reads a script from JSON lines, one reply a line; blank lines are passed over. The first thing that is wrong is a
 * fault `bad-script` that names its line.
 */
export function parseStubScript(text: string): StubScript | Fault<"bad-script"> {
  const replies: StubReply[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const reply = readReply(parseJson(line));
    if (typeof reply === "string") {
      return { code: "bad-script", message: `Line ${index + 1} of the stub script: ${reply}` };
    }
    replies.push(reply);
  }
  if (replies.length > 0) return { replies };
  return { code: "bad-script", message: "The stub script has no replies." };
}

/** A reply, or what is wrong with it. */
function readReply(value: JsonValue | undefined): StubReply | string {
  if (!isJsonObject(value)) return "it is not a JSON object.";
  const problem = checkFields(value, replyFields);
  if (problem !== undefined) return problem;
  const calls = field(value, "toolCalls");
  for (const call of Array.isArray(calls) ? calls : []) {
    const wrong = checkCall(call);
    if (wrong !== undefined) return wrong;
  }
  return value as StubReply; // every field was checked just now
}

type Check = (value: JsonValue) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0;

const stopReasons: readonly StopReason[] = ["end", "tool-calls", "length", "refusal"];

const faultCodes: Readonly<Record<ModelFaultCode, true>> = {
  auth: true,
  "unknown-model": true,
  "bad-request": true,
  "context-overflow": true,
  "rate-limit": true,
  overloaded: true,
  server: true,
  network: true,
  timeout: true,
  interrupted: true,
  "bad-response": true,
  "empty-reply": true,
  "model-broken": true,
};

const errorFields: Readonly<Record<keyof StubError, Check>> = {
  code: (value) => typeof value === "string" && Object.hasOwn(faultCodes, value),
  message: isText,
  retryable: (value) => typeof value === "boolean",
  retryAfterMs: isCount,
};

const usageFields: Readonly<Record<string, Check>> = {
  input: isCount,
  output: isCount,
  cacheRead: isCount,
  cacheWrite: isCount,
  reasoning: isCount,
  cost: isCount,
};

const replyFields: Readonly<Record<keyof StubReply, Check>> = {
  text: isText,
  reasoning: isText,
  toolCalls: (value) => Array.isArray(value),
  error: (value) =>
    isJsonObject(value) && Object.hasOwn(value, "code") && checkFields(value, errorFields) === undefined,
  delayMs: isCount,
  stop: (value) => stopReasons.some((reason) => reason === value),
  usage: (value) => isJsonObject(value) && checkFields(value, usageFields) === undefined,
  chunks: (value) => isCount(value) && value !== 0,
};

function checkFields(object: JsonObject, checks: Readonly<Record<string, Check>>): string | undefined {
  for (const [name, value] of Object.entries(object)) {
    if (!Object.hasOwn(checks, name)) {
      return `"${name}" is not a field; there are: ${Object.keys(checks).join(", ")}.`;
    }
    if (checks[name]?.(value) !== true) return `"${name}" has a value that it cannot have.`;
  }
  return undefined;
}

const callFields: Readonly<Record<"name" | "input" | "raw", Check>> = {
  name: isText,
  input: isJsonObject,
  raw: isText,
} satisfies Record<keyof Extract<StubToolCall, { input: unknown }> | "raw", Check>;

function checkCall(call: JsonValue): string | undefined {
  if (!isJsonObject(call)) return `"toolCalls" has an element that is not an object.`;
  const problem = checkFields(call, callFields);
  if (problem !== undefined) return problem;
  const bodies = ["input", "raw"].filter((name) => Object.hasOwn(call, name));
  if (!Object.hasOwn(call, "name")) return "a tool call has no name.";
  return bodies.length === 1 ? undefined : `a tool call has either "input" or "raw".`;
}
