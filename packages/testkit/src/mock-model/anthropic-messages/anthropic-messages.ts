import type { WireFormat } from "../wire.ts";
import { readAnthropic } from "./anthropic-conversation.ts";
import { anthropicError } from "./anthropic-error.ts";
import { anthropicKey } from "./anthropic-headers.ts";
import { anthropicFrames, anthropicMessage } from "./anthropic-reply.ts";
import { checkMessages } from "./anthropic-rules.ts";

/** Anthropic Messages: `POST /v1/messages`. */
export const anthropicMessages: WireFormat = {
  wire: "anthropic-messages",
  framing: "events",
  idPrefix: "toolu_01",
  requestIdHeader: "request-id",
  check: checkMessages,
  read: readAnthropic,
  wantsStream: (body) => body["stream"] === true,
  key: anthropicKey,
  frames: anthropicFrames,
  whole: anthropicMessage,
  ping: { kind: "ping", event: "ping", data: { type: "ping" } },
  errorBody: anthropicError,
  errorFrame: (error) => ({ kind: "error", event: "error", data: anthropicError(error) }),
  overflow: { status: 400, message: "prompt is too long: 210000 tokens > 200000 maximum" },
};
