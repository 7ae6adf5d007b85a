import {
  type AssistantMessage,
  type AssistantPart,
  type Content,
  type JsonObject,
  type Message,
  type ModelRef,
  type ModelRequest,
  type ToolMessage,
  type ToolOutcome,
  type ToolSpec,
  text,
  toolCallId,
  type UserMessage,
} from "@claw/agent-core";

export function user(...content: readonly (string | Content[number])[]): UserMessage {
  return {
    role: "user",
    origin: "human",
    content: content.map((part) => (typeof part === "string" ? text(part) : part)),
  };
}

export function assistant(model: ModelRef, ...content: readonly AssistantPart[]): AssistantMessage {
  const calls = content.some((part) => part.type === "tool-call");
  return { role: "assistant", model, content, stop: { reason: calls ? "tool-calls" : "end" }, usage: {} };
}

export function call(id: string, name: string, input: JsonObject): AssistantPart {
  return { type: "tool-call", id: toolCallId(id), name, input };
}

export function result(id: string, name: string, outcome: string | ToolOutcome): ToolMessage {
  return {
    role: "tool",
    call: toolCallId(id),
    name,
    outcome: typeof outcome === "string" ? { status: "ok", content: [text(outcome)] } : outcome,
  };
}

export const readTool: ToolSpec = {
  name: "Read",
  description: "Reads a file.",
  inputSchema: { type: "object", properties: { file_path: { type: "string" } }, required: ["file_path"] },
};

export const bashTool: ToolSpec = {
  name: "Bash",
  description: "Runs a command.",
  inputSchema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
};

export function request(messages: readonly Message[], more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages, tools: [], ...more };
}

export const hello: ModelRequest = request([user("hello")]);
