import type { JsonObject } from "@claw/agent-core";
import { looseObject, looseObjects, looseText } from "../loose-json.ts";
import type { MockConversation, MockMessage } from "../mock-request.ts";

/** The request in no wire's terms. System messages at the start are the system prompt. */
export function readOllama(body: JsonObject): MockConversation {
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
  const role = message["role"];
  const text = looseText(message["content"]);
  if (role === "tool") {
    const id = looseText(message["tool_call_id"] ?? message["tool_name"]);
    return { role, text, toolCalls: [], toolResults: [{ id, text, isError: false }] };
  }
  const toolCalls = looseObjects(message["tool_calls"]).map((call) => {
    const called = looseObject(call["function"]);
    const name = looseText(called["name"]);
    return { id: looseText(call["id"] ?? name), name, input: called["arguments"] ?? null };
  });
  return {
    role: role === "assistant" || role === "system" ? role : "user",
    text,
    toolCalls,
    toolResults: [],
  };
}
