import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { field, textField } from "./json-fields.ts";

/** What a vendor says went wrong, in an error body or in an error event of a stream. */
export interface VendorError {
  /** The vendor's own word, such as `overloaded_error` or `context_length_exceeded`. */
  readonly kind?: string;
  readonly message: string;
}

/**
 * Finds the error in JSON of any vendor: `{"error":{"type","code","message"}}` (Anthropic, OpenAI and compatible
 * servers), `{"error":"text"}` (Ollama), `{"message"}`, `{"detail"}` (proxies). `undefined` when there is none.
 */
export function readVendorError(body: JsonValue | undefined): VendorError | undefined {
  if (!isJsonObject(body)) return undefined;
  const error = field(body, "error");
  if (typeof error === "string") return { message: error };
  if (isJsonObject(error)) return fromObject(error);
  const message = textField(body, "message") ?? textField(body, "detail");
  return message === undefined ? undefined : fromObject({ ...body, message });
}

function fromObject(error: JsonObject): VendorError {
  // `code` is the finer word where it is one: OpenAI's type is only "invalid_request_error".
  const kind = textField(error, "code") ?? textField(error, "type");
  const message = textField(error, "message") ?? textField(error, "type") ?? "an error without a message";
  return kind === undefined ? { message } : { kind, message };
}
