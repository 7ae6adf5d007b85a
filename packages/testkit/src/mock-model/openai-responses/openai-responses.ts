import { bearerKey, openaiError, openaiErrorFields } from "../openai/openai-error.ts";
import type { WireFormat } from "../wire.ts";
import { readResponses } from "./responses-conversation.ts";
import { responseObject, responsesFrames } from "./responses-reply.ts";
import { checkResponses } from "./responses-rules.ts";

/** OpenAI responses: `POST /v1/responses`. */
export const openaiResponses: WireFormat = {
  wire: "openai-responses",
  framing: "events",
  idPrefix: "call_",
  requestIdHeader: "x-request-id",
  check: checkResponses,
  read: readResponses,
  wantsStream: (body) => body["stream"] === true,
  key: bearerKey,
  frames: responsesFrames,
  whole: responseObject,
  ping: { kind: "ping", comment: "keepalive" },
  errorBody: openaiError,
  errorFrame: (error, index) => {
    const { message, code, param } = openaiErrorFields(error);
    const data = {
      type: "error",
      sequence_number: index,
      code: code ?? null,
      message: message ?? "",
      param: param ?? null,
    };
    return { kind: "error", event: "error", data };
  },
  overflow: {
    status: 400,
    message: "Your input exceeds the context window of this model. Please adjust your input and try again.",
    place: "input",
    code: "context_length_exceeded",
  },
};
