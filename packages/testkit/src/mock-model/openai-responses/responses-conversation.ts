import type { JsonObject } from "@claw/agent-core";
import { contentText, looseObjects, looseText, parsedOrText } from "../loose-json.ts";
import type { MockConversation, MockMessage } from "../mock-request.ts";

/** The request in no wire's terms: an assistant's text and calls that follow each other are one message. */
export function readResponses(body: JsonObject): MockConversation {
  const input = body["input"];
  const items = typeof input === "string" ? [{ role: "user", content: input }] : looseObjects(input);
  const messages: MockMessage[] = [];
  for (const message of items.map(readItem)) {
    const last = messages.at(-1);
    if (message?.role === "assistant" && last?.role === "assistant")
      messages[messages.length - 1] = joined(last, message);
    else if (message !== undefined) messages.push(message);
  }
  const leading = messages.findIndex((message) => message.role !== "system");
  const system = [
    ...(typeof body["instructions"] === "string" ? [body["instructions"]] : []),
    ...messages.slice(0, Math.max(0, leading)).map((message) => message.text),
  ];
  return {
    model: looseText(body["model"]),
    ...(system.length === 0 ? {} : { system: system.join("\n") }),
    messages: messages.slice(Math.max(0, leading)),
    tools: looseObjects(body["tools"]).map((tool) => looseText(tool["name"])),
  };
}

function readItem(item: JsonObject): MockMessage | undefined {
  if (item["type"] === "reasoning" || item["type"] === "item_reference") return undefined;
  if (item["type"] === "function_call") {
    const input = parsedOrText(looseText(item["arguments"]));
    const call = { id: looseText(item["call_id"]), name: looseText(item["name"]), input };
    return { role: "assistant", text: "", toolCalls: [call], toolResults: [] };
  }
  if (item["type"] === "function_call_output") {
    const text = contentText(item["output"]);
    const result = { id: looseText(item["call_id"]), text, isError: false };
    return { role: "tool", text, toolCalls: [], toolResults: [result] };
  }
  return { role: readRole(item["role"]), text: contentText(item["content"]), toolCalls: [], toolResults: [] };
}

function joined(first: MockMessage, second: MockMessage): MockMessage {
  return { ...first, text: first.text + second.text, toolCalls: [...first.toolCalls, ...second.toolCalls] };
}

function readRole(role: JsonObject[string] | undefined): MockMessage["role"] {
  if (role === "system" || role === "developer") return "system";
  return role === "assistant" ? "assistant" : "user";
}
