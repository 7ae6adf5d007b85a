import { bearerKey } from "../openai/openai-error.ts";
import type { WireFormat } from "../wire.ts";
import { readOllama } from "./ollama-conversation.ts";
import { ollamaFrames, ollamaMessage } from "./ollama-reply.ts";
import { checkOllama } from "./ollama-rules.ts";

/** Ollama's own chat: `POST /api/chat`. Streams unless told not to. */
export const ollamaChat: WireFormat = {
  wire: "ollama-chat",
  framing: "lines",
  idPrefix: "call_",
  check: checkOllama,
  read: readOllama,
  wantsStream: (body) => body["stream"] !== false,
  key: bearerKey,
  frames: ollamaFrames,
  whole: ollamaMessage,
  ping: {
    kind: "ping",
    data: {
      model: "mock",
      created_at: "2026-01-01T00:00:00.000000Z",
      message: { role: "assistant", content: "" },
      done: false,
    },
  },
  errorBody: (error) => ({ error: error.message }),
  errorFrame: (error) => ({ kind: "error", data: { error: error.message } }),
  overflow: { status: 400, message: "the input length exceeds the context length" },
};
