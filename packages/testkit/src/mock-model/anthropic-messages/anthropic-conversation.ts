import type { JsonObject } from "@claw/agent-core";
import { contentText, looseObjects, looseText } from "../loose-json.ts";
import type { MockConversation, MockMessage, SeenToolResult } from "../mock-request.ts";

/** The request in no wire's terms: a user message of tool results becomes one tool message each. */
export function readAnthropic(body: JsonObject): MockConversation {
  const system = body["system"];
  return {
    model: looseText(body["model"]),
    ...(system === undefined ? {} : { system: systemText(system) }),
    messages: looseObjects(body["messages"]).flatMap(readMessage),
    tools: looseObjects(body["tools"]).map((tool) => looseText(tool["name"])),
  };
}

function systemText(system: JsonObject[string]): string {
  if (typeof system === "string") return system;
  return looseObjects(system)
    .map((block) => looseText(block["text"]))
    .join("\n");
}

function readMessage(message: JsonObject): readonly MockMessage[] {
  const role = message["role"] === "assistant" || message["role"] === "system" ? message["role"] : "user";
  const content = message["content"];
  const blocks = looseObjects(content);
  const results = blocks.filter((block) => block["type"] === "tool_result").map(readResult);
  const toolMessages = results.map(
    (result): MockMessage => ({ role: "tool", text: result.text, toolCalls: [], toolResults: [result] }),
  );
  if (results.length > 0 && results.length === blocks.length) return toolMessages;
  const texts = blocks.filter((block) => block["type"] === "text");
  const toolCalls = blocks
    .filter((block) => block["type"] === "tool_use")
    .map((block) => ({
      id: looseText(block["id"]),
      name: looseText(block["name"]),
      input: block["input"] ?? null,
    }));
  const text = typeof content === "string" ? content : contentText(texts);
  return [...toolMessages, { role, text, toolCalls, toolResults: [] }];
}

function readResult(block: JsonObject): SeenToolResult {
  return {
    id: looseText(block["tool_use_id"]),
    text: contentText(block["content"]),
    isError: block["is_error"] === true,
  };
}
