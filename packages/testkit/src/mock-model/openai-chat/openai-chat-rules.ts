import type { JsonObject } from "@claw/agent-core";
import type { Finding, Report } from "../finding.ts";
import { looseObject, looseObjects, looseText } from "../loose-json.ts";
import type { Memory } from "../memory.ts";
import { checkFunctionSchema } from "../openai/openai-function.ts";
import { openaiVoice } from "../openai/openai-voice.ts";
import { checkShape } from "../shape.ts";
import type { Incoming } from "../wire.ts";
import { chatShape } from "./openai-chat-shape.ts";

/** Everything that `POST /v1/chat/completions` would refuse. */
export function checkChat({ body }: Incoming, memory: Memory): readonly Finding[] {
  const wrong = checkShape(body, chatShape, openaiVoice);
  if (wrong.length > 0) return wrong;
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  checkOptions(body, report);
  checkTools(body, report);
  for (const [index, message] of looseObjects(body["messages"]).entries())
    checkMessage(message, index, memory, report);
  checkAnswers(looseObjects(body["messages"]), report);
  return findings;
}

function checkOptions(body: JsonObject, report: Report): void {
  if (body["stream_options"] !== undefined && body["stream"] !== true)
    report({
      message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      place: "stream_options",
    });
  if (body["max_tokens"] !== undefined && body["max_completion_tokens"] !== undefined)
    report({
      message: "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      place: "max_tokens",
    });
  for (const name of ["tool_choice", "parallel_tool_calls"]) {
    if (body[name] !== undefined && body["tools"] === undefined)
      report({ message: `'${name}' is only allowed when 'tools' are specified.`, place: name });
  }
}

function checkTools(body: JsonObject, report: Report): void {
  const names = new Set<string>();
  for (const [index, tool] of looseObjects(body["tools"]).entries()) {
    const definition = looseObject(tool["function"]);
    const name = looseText(definition["name"]);
    if (names.has(name))
      report({ message: `Invalid 'tools': duplicate function name '${name}'.`, place: `tools[${index}]` });
    names.add(name);
    if (definition["parameters"] !== undefined)
      checkFunctionSchema(
        name,
        looseObject(definition["parameters"]),
        definition["strict"] === true,
        `tools[${index}].function.parameters`,
        report,
      );
  }
  const chosen = looseObject(looseObject(body["tool_choice"])["function"])["name"];
  if (chosen !== undefined && !names.has(looseText(chosen)))
    report({
      message: `Tool choice '${looseText(chosen)}' not found in 'tools' parameter.`,
      place: "tool_choice",
    });
}

function checkMessage(message: JsonObject, index: number, memory: Memory, report: Report): void {
  const place = `messages[${index}]`;
  const content = message["content"];
  const mayBeEmpty = message["role"] === "tool" || message["tool_calls"] !== undefined;
  const isEmpty = content === undefined || content === null || content === "";
  if (isEmpty && !mayBeEmpty && typeof message["refusal"] !== "string")
    report({
      message: `Invalid value for '${place}.content': expected a non-empty string, got ${JSON.stringify(content ?? null)}.`,
      place: `${place}.content`,
      code: "invalid_value",
    });
  for (const [position, part] of looseObjects(content).entries()) {
    if (part["type"] === "text" && part["text"] === "")
      report({
        message: `Invalid value for '${place}.content[${position}].text': empty text.`,
        place: `${place}.content[${position}].text`,
        code: "invalid_value",
      });
  }
  for (const field of ["reasoning_content", "reasoning"]) {
    const text = message[field];
    if (text !== undefined && !memory.reasoning.has(looseText(text)))
      report({
        message: `Unknown parameter: '${place}.${field}': not reasoning that this server wrote.`,
        place: `${place}.${field}`,
        code: "unknown_parameter",
      });
  }
}

/** After an assistant message with calls: one tool message for each, before anything else. */
function checkAnswers(messages: readonly JsonObject[], report: Report): void {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message["role"] === "tool") {
      const id = looseText(message["tool_call_id"]);
      if (!open.includes(id)) reportStray(index, id, report);
      open = open.filter((one) => one !== id);
      continue;
    }
    reportUnanswered(index, open, report);
    open = looseObjects(message["tool_calls"]).map((call) => looseText(call["id"]));
    if (new Set(open).size < open.length)
      report({
        message: `Duplicate tool call id in 'messages[${index}].tool_calls'.`,
        place: `messages[${index}].tool_calls`,
      });
  }
  reportUnanswered(messages.length, open, report);
}

function reportStray(index: number, id: string, report: Report): void {
  report({
    message: `Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls': no call '${id}' is open.`,
    place: `messages[${index}].tool_call_id`,
  });
}

function reportUnanswered(index: number, open: readonly string[], report: Report): void {
  if (open.length === 0) return;
  report({
    message: `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(", ")}`,
    place: `messages[${index}].role`,
  });
}
