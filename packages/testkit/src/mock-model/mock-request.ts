import type { JsonObject, JsonValue } from "@claw/agent-core";
import type { Wire } from "./wire.ts";

/** A request for a reply, as it came and in no wire's terms. */
export interface MockRequest extends MockConversation {
  /** Its place in `MockModel.requests`. */
  readonly index: number;
  /** Its place among all HTTP requests of the server, from 1. */
  readonly serial: number;
  readonly wire: Wire;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** The body as text, byte for byte. */
  readonly raw: string;
  readonly stream: boolean;
}

export interface MockConversation {
  readonly model: string;
  /** The system prompt, its blocks joined by line feeds. Absent when none was sent. */
  readonly system?: string;
  /** Each tool result is a message of its own of role `tool`, on every wire. */
  readonly messages: readonly MockMessage[];
  /** Names. */
  readonly tools: readonly string[];
}

export interface MockMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  /** Of a tool message: the result. */
  readonly text: string;
  readonly toolCalls: readonly SeenToolCall[];
  readonly toolResults: readonly SeenToolResult[];
}

export interface SeenToolCall {
  readonly id: string;
  readonly name: string;
  /** Parsed; the raw text where it is not JSON. */
  readonly input: JsonValue;
}

export interface SeenToolResult {
  /** Id of the call; on Ollama, where ids are optional, the tool's name when there is none. */
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
}
