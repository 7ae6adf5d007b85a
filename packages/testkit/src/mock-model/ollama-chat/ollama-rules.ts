import type { JsonObject } from "@claw/agent-core";
import type { Finding, Report } from "../finding.ts";
import { looseObject, looseObjects, looseText } from "../loose-json.ts";
import { checkShape } from "../shape.ts";
import type { Incoming } from "../wire.ts";
import { ollamaShape, ollamaVoice } from "./ollama-shape.ts";

/**
 * What is wrong with a body of `POST /api/chat`. Stricter than Ollama where Ollama would answer, but the model's
 * template would be fed nonsense: a call without a result, a result without a call, a message without content.
 */
export function checkOllama({ body }: Incoming): readonly Finding[] {
  const wrong = checkShape(body, ollamaShape, ollamaVoice);
  if (wrong.length > 0) return wrong;
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const messages = looseObjects(body["messages"]);
  for (const [index, message] of messages.entries()) checkContent(message, index, report);
  checkAnswers(messages, report);
  return findings;
}

function checkContent(message: JsonObject, index: number, report: Report): void {
  if (message["role"] === "tool" || message["tool_calls"] !== undefined) return;
  if (looseText(message["content"]) === "" && message["images"] === undefined)
    report({ message: `messages.${index}: content must not be empty` });
}

/** The calls of a message are answered by the tool messages right after it, by id, by name, or by order. */
function checkAnswers(messages: readonly JsonObject[], report: Report): void {
  let open: readonly JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    if (message["role"] === "tool") {
      const answered = open.find((call) => answers(message, call));
      if (answered === undefined)
        report({ message: `messages.${index}: a tool message must answer a call of the message before it` });
      open = open.filter((call) => call !== answered);
      continue;
    }
    reportUnanswered(index, open, report);
    open = looseObjects(message["tool_calls"]);
  }
  reportUnanswered(messages.length, open, report);
}

function answers(message: JsonObject, call: JsonObject): boolean {
  const id = message["tool_call_id"];
  const name = message["tool_name"];
  if (id !== undefined && call["id"] !== undefined) return id === call["id"];
  return name === undefined || name === looseObject(call["function"])["name"];
}

function reportUnanswered(index: number, open: readonly JsonObject[], report: Report): void {
  if (open.length === 0) return;
  const names = open.map((call) => looseText(looseObject(call["function"])["name"]));
  report({ message: `messages.${index}: tool calls without a tool message after them: ${names.join(", ")}` });
}
