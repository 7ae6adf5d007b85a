import type { JsonObject } from "@claw/agent-core";
import type { Finding, Report } from "../finding.ts";
import { looseObject, looseObjects, looseText } from "../loose-json.ts";
import type { Memory } from "../memory.ts";
import { checkFunctionSchema } from "../openai/openai-function.ts";
import { openaiVoice } from "../openai/openai-voice.ts";
import { checkShape } from "../shape.ts";
import type { Incoming } from "../wire.ts";
import { responsesShape } from "./responses-shape.ts";

/** Everything that `POST /v1/responses` would refuse. */
export function checkResponses({ body }: Incoming, memory: Memory): readonly Finding[] {
  const wrong = checkShape(body, responsesShape, openaiVoice);
  if (wrong.length > 0) return wrong;
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  if (body["stream_options"] !== undefined && body["stream"] !== true)
    report({
      message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      place: "stream_options",
    });
  checkTools(body, report);
  checkPrevious(body, memory, report);
  checkCalls(body, memory, report);
  checkReasoning(body, memory, report);
  return findings;
}

function checkTools(body: JsonObject, report: Report): void {
  const names = new Set<string>();
  for (const [index, tool] of looseObjects(body["tools"]).entries()) {
    if (tool["type"] !== "function") continue;
    const name = looseText(tool["name"]);
    const place = `tools[${index}]`;
    if (names.has(name)) report({ message: `Invalid 'tools': duplicate function name '${name}'.`, place });
    names.add(name);
    if (tool["parameters"] !== null)
      checkFunctionSchema(
        name,
        looseObject(tool["parameters"]),
        tool["strict"] === true,
        `${place}.parameters`,
        report,
      );
  }
  const choice = looseObject(body["tool_choice"]);
  if (choice["type"] === "function" && !names.has(looseText(choice["name"])))
    report({
      message: `Tool choice '${looseText(choice["name"])}' not found in 'tools' parameter.`,
      place: "tool_choice",
    });
}

function checkPrevious(body: JsonObject, memory: Memory, report: Report): void {
  const previous = body["previous_response_id"];
  if (previous !== undefined && !memory.responses.has(looseText(previous)))
    report({
      message: `Previous response with id '${looseText(previous)}' not found.`,
      place: "previous_response_id",
      code: "previous_response_not_found",
    });
}

/** Each call has one output after it, each output a call before it, here or in the previous response. */
function checkCalls(body: JsonObject, memory: Memory, report: Report): void {
  const open = new Set(memory.responses.get(looseText(body["previous_response_id"])) ?? []);
  const called = new Set(open);
  for (const [index, item] of looseObjects(body["input"]).entries()) {
    const id = looseText(item["call_id"]);
    const place = `input[${index}].call_id`;
    if (item["type"] === "function_call") {
      if (called.has(id)) report({ message: `Duplicate function call with call_id ${id}.`, place });
      called.add(id);
      open.add(id);
    }
    if (item["type"] !== "function_call_output") continue;
    if (!called.has(id))
      report({ message: `No tool call found for function call output with call_id ${id}.`, place });
    else if (!open.delete(id))
      report({ message: `Duplicate output for function call with call_id ${id}.`, place });
  }
  for (const id of open) report({ message: `No tool output found for function call ${id}.`, place: "input" });
}

/** Reasoning comes back as it was issued, with what followed it; what followed it comes back with it. */
function checkReasoning(body: JsonObject, memory: Memory, report: Report): void {
  const items = looseObjects(body["input"]);
  const present = new Set(items.map((item) => looseText(item["id"])));
  for (const [index, item] of items.entries()) {
    const id = looseText(item["id"]);
    if (item["type"] === "reasoning") checkReasoningItem(items, index, body, memory, report);
    const draft = memory.reasoningOfCall.get(looseText(item["call_id"]));
    if (item["type"] === "function_call" && id !== "" && draft !== undefined && !present.has(`rs_${draft}`))
      report({
        message: `Item '${id}' of type 'function_call' was provided without its required 'reasoning' item: 'rs_${draft}'.`,
        place: "input",
      });
  }
}

function checkReasoningItem(
  items: readonly JsonObject[],
  index: number,
  body: JsonObject,
  memory: Memory,
  report: Report,
): void {
  const id = looseText(items[index]?.["id"]);
  const encrypted = items[index]?.["encrypted_content"] ?? null;
  if (encrypted !== null && !memory.reasoning.has(looseText(encrypted)))
    report({
      message: "The encrypted content could not be verified.",
      place: `input[${index}].encrypted_content`,
      code: "invalid_encrypted_content",
    });
  if (encrypted === null && !(memory.storedItems.has(id) && body["store"] !== false))
    report({
      status: 404,
      message: `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
      place: "input",
    });
  const next = items[index + 1];
  const isReply =
    next?.["role"] === "assistant" || next?.["type"] === "function_call" || next?.["type"] === "reasoning";
  if (!isReply)
    report({
      message: `Item '${id}' of type 'reasoning' was provided without its required following item.`,
      place: "input",
    });
}
