import type { JsonObject } from "@claw/agent-core";
import type { RequestHeaders, VendorError } from "../wire.ts";

/** OpenAI's error body, the same on both of its protocols. */
export function openaiError(error: VendorError): JsonObject {
  return { error: openaiErrorFields(error) };
}

export function openaiErrorFields(error: VendorError): JsonObject {
  const usual = usualKind(error.status);
  return {
    message: error.message,
    type: usual.type,
    param: error.place ?? null,
    code: error.code ?? usual.code,
  };
}

function usualKind(status: number): { readonly type: string; readonly code: string | null } {
  if (status === 401) return { type: "invalid_request_error", code: "invalid_api_key" };
  if (status === 404) return { type: "invalid_request_error", code: "model_not_found" };
  if (status === 429) return { type: "requests", code: "rate_limit_exceeded" };
  if (status >= 500) return { type: "server_error", code: null };
  return { type: "invalid_request_error", code: null };
}

export function bearerKey(headers: RequestHeaders): string | undefined {
  return /^Bearer (.+)$/.exec(headers["authorization"] ?? "")?.[1];
}
