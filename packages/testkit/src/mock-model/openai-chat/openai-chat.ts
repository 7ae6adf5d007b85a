import { bearerKey, openaiError } from "../openai/openai-error.ts";
import type { WireFormat } from "../wire.ts";
import { readChat } from "./openai-chat-conversation.ts";
import { chatCompletion, chatFrames } from "./openai-chat-reply.ts";
import { checkChat } from "./openai-chat-rules.ts";

/** OpenAI chat completions: `POST /v1/chat/completions`. */
export const openaiChat: WireFormat = {
  wire: "openai-chat",
  framing: "events",
  idPrefix: "call_",
  requestIdHeader: "x-request-id",
  check: checkChat,
  read: readChat,
  wantsStream: (body) => body["stream"] === true,
  key: bearerKey,
  frames: chatFrames,
  whole: chatCompletion,
  ping: { kind: "ping", comment: "PROCESSING" },
  errorBody: openaiError,
  errorFrame: (error) => ({ kind: "error", data: openaiError(error) }),
  overflow: {
    status: 400,
    message:
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.",
    place: "messages",
    code: "context_length_exceeded",
  },
};
