import type { JsonObject } from "@claw/agent-core";
import type { Finding, Report } from "../finding.ts";
import { looseObject, looseObjects, looseText } from "../loose-json.ts";
import type { Memory } from "../memory.ts";
import { checkShape } from "../shape.ts";
import type { Incoming } from "../wire.ts";
import { checkCaching } from "./anthropic-caching.ts";
import { checkAnthropicHeaders } from "./anthropic-headers.ts";
import { anthropicVoice, countTokensShape, messagesShape } from "./anthropic-shape.ts";
import { checkThinking } from "./anthropic-thinking.ts";
import { checkToolUse } from "./anthropic-tool-use.ts";

/** Everything that `POST /v1/messages` would refuse. Form first; what it means only when the form is right. */
export function checkMessages(incoming: Incoming, memory: Memory): readonly Finding[] {
  return checkAll(incoming, memory, messagesShape(hasBeta(incoming)));
}

/** The same for `POST /v1/messages/count_tokens`, which takes fewer fields. */
export function checkCountTokens(incoming: Incoming, memory: Memory): readonly Finding[] {
  return checkAll(incoming, memory, countTokensShape(hasBeta(incoming)));
}

function checkAll(
  incoming: Incoming,
  memory: Memory,
  shape: ReturnType<typeof messagesShape>,
): readonly Finding[] {
  const headers = checkAnthropicHeaders(incoming.headers);
  if (headers.length > 0) return headers;
  const wrong = checkShape(incoming.body, shape, anthropicVoice);
  if (wrong.length > 0) return wrong;
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  checkSampling(incoming, report);
  checkContent(incoming.body, report);
  checkTools(incoming.body, report);
  checkToolUse(incoming.body, report);
  checkOrder(incoming.body, report);
  checkThinking(incoming.body, memory, report);
  checkCaching(incoming.body, report);
  return findings;
}

function hasBeta(incoming: Incoming): boolean {
  return (incoming.headers["anthropic-beta"] ?? "") !== "";
}

function checkSampling({ headers, body }: Incoming, report: Report): void {
  const sampling = ["temperature", "top_p", "top_k"].filter((name) => body[name] !== undefined);
  if (headers["anthropic-version"] !== "2026-10-21") return;
  for (const name of sampling) report({ message: `${name}: Extra inputs are not permitted` });
}

/** No empty message, no empty or blank text block, no trailing blank at the end of the assistant's words. */
function checkContent(body: JsonObject, report: Report): void {
  for (const [index, block] of looseObjects(body["system"]).entries()) {
    checkText(looseText(block["text"]), `system.${index}`, report);
  }
  for (const [index, message] of looseObjects(body["messages"]).entries()) {
    const place = `messages.${index}`;
    const content = message["content"];
    if (content === "" || (Array.isArray(content) && content.length === 0))
      report({ message: `${place}: all messages must have non-empty content` });
    else if (typeof content === "string") checkText(content, place, report);
    for (const block of looseObjects(content)) checkBlockText(block, place, report);
  }
}

function checkBlockText(block: JsonObject, place: string, report: Report): void {
  if (block["type"] === "text") checkText(looseText(block["text"]), place, report);
  for (const part of looseObjects(block["type"] === "tool_result" ? block["content"] : [])) {
    if (part["type"] === "text") checkText(looseText(part["text"]), `${place}.tool_result`, report);
    else if (block["is_error"] === true)
      report({ message: `${place}.tool_result: all content must be type "text" if "is_error" is true` });
  }
}

function checkText(text: string, place: string, report: Report): void {
  if (text === "") report({ message: `${place}: text content blocks must be non-empty` });
  else if (text.trim() === "")
    report({ message: `${place}: text content blocks must contain non-whitespace text` });
}

/** A user begins, and a user has the last word: models no longer take the start of their reply from the caller. */
function checkOrder(body: JsonObject, report: Report): void {
  const messages = looseObjects(body["messages"]);
  if (messages[0]?.["role"] !== "user")
    report({ message: 'messages: first message must use the "user" role' });
  if (messages.at(-1)?.["role"] === "assistant")
    report({
      message:
        "This model does not support assistant message prefill. The conversation must end with a user message.",
    });
}

function checkTools(body: JsonObject, report: Report): void {
  const names = new Set<string>();
  for (const [index, tool] of looseObjects(body["tools"]).entries()) {
    const name = looseText(tool["name"]);
    if (names.has(name)) report({ message: "tools: Tool names must be unique." });
    names.add(name);
    checkInputSchema(looseObject(tool["input_schema"]), `tools.${index}.custom.input_schema`, report);
  }
  const choice = looseObject(body["tool_choice"]);
  if (choice["type"] === "tool" && !names.has(looseText(choice["name"])))
    report({ message: `tool_choice: Tool '${looseText(choice["name"])}' not found in provided tools` });
  if (["any", "tool", "auto"].includes(looseText(choice["type"])) && names.size === 0)
    report({ message: "tool_choice: may only be specified while providing tools" });
}

function checkInputSchema(schema: JsonObject, place: string, report: Report): void {
  if (["oneOf", "anyOf", "allOf"].some((word) => schema[word] !== undefined))
    report({ message: `${place}: does not support oneOf, allOf, or anyOf at the top level` });
  for (const key of Object.keys(looseObject(schema["properties"]))) {
    if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(key))
      report({
        message: `${place}.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$', not '${key}'`,
      });
  }
}
