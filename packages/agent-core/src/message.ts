import type { Content, TextPart } from "./content.ts";
import type { ToolCallId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import type { ToolOutcome } from "./outcome.ts";
import type { Stop } from "./stop.ts";
import type { Usage } from "./usage.ts";

/** One model at one provider, such as `{ provider: "ollama", id: "qwen3.5:9b" }`. */
export interface ModelRef {
  readonly provider: string;
  readonly id: string;
}

export type Message = UserMessage | AssistantMessage | ToolMessage;

/** Who put words into the conversation on the user's side. `runtime`: the loop itself, such as a warning. */
export type Origin =
  | "human"
  | "steer"
  | "task"
  | "hook"
  | "instructions"
  | "skill"
  | "compaction"
  | "runtime";

export interface UserMessage {
  readonly role: "user";
  readonly origin: Origin;
  readonly content: Content;
  /** The background task whose end this tells. */
  readonly task?: string;
  /** The files whose text this is. Absolute. */
  readonly files?: readonly string[];
  /** The MCP server whose text this is. */
  readonly server?: string;
  /** Stands through every compaction. */
  readonly pinned?: true;
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly model: ModelRef;
  readonly content: readonly AssistantPart[];
  readonly stop: Stop;
  readonly usage: Usage;
}

export type AssistantPart = TextPart | ReasoningPart | ToolCallPart;

export interface ReasoningPart {
  readonly type: "reasoning";
  readonly text: string;
  readonly replay?: Replay;
}

/** Opaque data (signatures, encrypted reasoning) that goes back to the model that wrote it, and to no other. */
export interface Replay {
  readonly model: ModelRef;
  readonly data: JsonValue;
  /** What stood before it in the conversation has changed since it was written, as a compaction does. */
  readonly moved?: true;
}

export interface ToolCallPart {
  readonly type: "tool-call";
  readonly id: ToolCallId;
  /** As the model wrote it: an untrusted key. */
  readonly name: string;
  /** The arguments; their raw text where `malformed` is set. */
  readonly input: JsonValue;
  /** Why the arguments are not JSON. Such a call is answered; it runs only where a toolbox can repair it safely. */
  readonly malformed?: string;
  /** How the call was found or made readable, where the model did not make it in the form that it should have. */
  readonly recovered?:
    | { readonly from: "text"; readonly dialect: string }
    | { readonly from: "json"; readonly fixes: readonly string[] };
}

export interface ToolMessage {
  readonly role: "tool";
  readonly call: ToolCallId;
  readonly name: string;
  readonly outcome: ToolOutcome;
}

export function toolCalls(message: AssistantMessage): readonly ToolCallPart[] {
  return message.content.filter((part) => part.type === "tool-call");
}
