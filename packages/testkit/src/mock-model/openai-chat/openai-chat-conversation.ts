import type { JsonObject } from "@claw/agent-core";
import { contentText, looseObject, looseObjects, looseText, parsedOrText } from "../loose-json.ts";
import type { MockConversation, MockMessage } from "../mock-request.ts";

/** The request in no wire's terms. System messages at the start are the system prompt. */
export function readChat(body: JsonObject): MockConversation {
  const messages = looseObjects(body["messages"]).map(readMessage);
  const firstOther = messages.findIndex((message) => message.role !== "system");
  const leading = firstOther === -1 ? messages.length : firstOther;
  const system = messages.slice(0, leading).map((message) => message.text);
  return {
    model: looseText(body["model"]),
    ...(leading === 0 ? {} : { system: system.join("\n") }),
    messages: messages.slice(leading),
    tools: looseObjects(body["tools"]).map((tool) => looseText(looseObject(tool["function"])["name"])),
  };
}

function readMessage(message: JsonObject): MockMessage {
  const text = contentText(message["content"]);
  if (message["role"] === "tool") {
    const result = { id: looseText(message["tool_call_id"]), text, isError: false };
    return { role: "tool", text, toolCalls: [], toolResults: [result] };
  }
  const toolCalls = looseObjects(message["tool_calls"]).map((call) => {
    const called = looseObject(call["function"]);
    return {
      id: looseText(call["id"]),
      name: looseText(called["name"]),
      input: parsedOrText(looseText(called["arguments"])),
    };
  });
  return { role: readRole(message["role"]), text, toolCalls, toolResults: [] };
}

function readRole(role: JsonObject[string] | undefined): MockMessage["role"] {
  if (role === "system" || role === "developer") return "system";
  return role === "assistant" ? "assistant" : "user";
}
