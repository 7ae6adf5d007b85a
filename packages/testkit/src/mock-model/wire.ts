import type { JsonObject } from "@claw/agent-core";
import type { Draft } from "./draft.ts";
import type { Finding } from "./finding.ts";
import type { Frame } from "./frame.ts";
import type { Memory } from "./memory.ts";
import type { MockConversation } from "./mock-request.ts";

export type Wire = "anthropic-messages" | "openai-chat" | "openai-responses" | "ollama-chat";

/** One vendor's protocol, from the server's side: judge a request, understand it, write a reply. */
export interface WireFormat {
  readonly wire: Wire;
  readonly framing: "events" | "lines";
  /** What the vendor's tool call ids begin with. */
  readonly idPrefix: string;
  /** The response header that carries the vendor's request id, if it has one. */
  readonly requestIdHeader?: string;
  /** Empty when the vendor would accept the request. */
  readonly check: (incoming: Incoming, memory: Memory) => readonly Finding[];
  readonly read: (body: JsonObject) => MockConversation;
  readonly wantsStream: (body: JsonObject) => boolean;
  /** The key the request carries. */
  readonly key: (headers: RequestHeaders) => string | undefined;
  readonly frames: (draft: Draft, context: ReplyContext) => Iterable<Frame>;
  /** The reply as one JSON answer. */
  readonly whole: (draft: Draft, context: ReplyContext) => JsonObject;
  readonly ping: Frame;
  readonly errorBody: (error: VendorError) => JsonObject;
  readonly errorFrame: (error: VendorError, index: number) => Frame;
  readonly overflow: VendorError;
}

export type RequestHeaders = Readonly<Record<string, string>>;

export interface Incoming {
  readonly headers: RequestHeaders;
  readonly body: JsonObject;
}

export interface ReplyContext {
  readonly body: JsonObject;
  readonly memory: Memory;
  /** The field that carries reasoning on OpenAI chat, which has no official one. */
  readonly chatReasoning: "reasoning_content" | "reasoning";
}

export interface VendorError {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
  readonly place?: string;
}
