import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import { excerpt } from "./excerpt.ts";
import { field, objectField, objectsField, textField } from "./json-fields.ts";

/** What a vendor says went wrong, in an error body or in an error event of a stream. */
export interface VendorError {
  /** The vendor's own word, such as `overloaded_error` or `context_length_exceeded`. */
  readonly kind?: string;
  readonly message: string;
  /** The HTTP status that the error itself names: gateways answer 200 and tell the rest inside. */
  readonly status?: number;
  /** How long it asks to wait, where that stands in the body and not in the headers. */
  readonly retryAfterMs?: number;
}

/**
 * Finds the error in JSON of any vendor: `{"error":{"type","code","message"}}` (Anthropic, OpenAI and compatible
 * servers), the same in a list (Google), `{"error":"text"}` (Ollama), `{"message"}`, `{"detail"}` (proxies, and servers
 * that list the fields they do not take). `undefined` when there is none.
 */
export function readVendorError(body: JsonValue | undefined): VendorError | undefined {
  if (Array.isArray(body)) return body.length === 1 ? readVendorError(body[0]) : undefined;
  if (!isJsonObject(body)) return undefined;
  const error = field(body, "error");
  if (typeof error === "string") return { message: error };
  if (isJsonObject(error)) return fromObject(error);
  const message = messageFields.map((name) => words(field(body, name))).find((said) => said !== undefined);
  return message === undefined ? undefined : fromObject({ ...body, message });
}

/** In an error that is the whole body; the last one is Venice's. */
const messageFields = ["message", "detail", "error_message"] as const;

/** Whether an event of a stream is an error and nothing else. */
export function isErrorEvent(event: JsonObject): boolean {
  const error = field(event, "error");
  if (error !== undefined && error !== null) return true;
  return event["object"] === "error" || textField(event, "error_message") !== undefined; // vLLM, and Venice
}

function fromObject(error: JsonObject): VendorError {
  const names = ["code", "type", "status", "error_type"]
    .map((name) => textField(error, name))
    .filter((name) => name !== undefined)
    .filter((name) => name !== "None"); // LiteLLM says so where it has no word
  // `code` is the finer word where it is one (OpenAI's type is only "invalid_request_error"), and none at Mistral.
  const kind = names.find((name) => !/^\d+$/.test(name)) ?? names[0];
  const status = httpStatus(field(error, "code")) ?? httpStatus(field(error, "status"));
  const retryAfterMs = retryDelay(error);
  return {
    message: messageOf(error),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function messageOf(error: JsonObject): string {
  const message = words(field(error, "message")) ?? textField(error, "type") ?? "an error without a message";
  // OpenRouter's own words are only "Provider returned error".
  const raw = textField(objectField(error, "metadata"), "raw");
  return raw === undefined ? message : `${message}: ${raw}`;
}

/** Text, or the complaints about single fields that web frameworks list: `{"loc":["body","tools"],"msg":"…"}`. */
function words(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (isJsonObject(value)) return words(field(value, "detail"));
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((item) => complaint(item) ?? excerpt(JSON.stringify(item), 100)).join("; ");
}

function complaint(item: JsonValue): string | undefined {
  const said = isJsonObject(item) ? textField(item, "msg") : undefined;
  if (said === undefined || !isJsonObject(item)) return undefined;
  const place = field(item, "loc");
  return Array.isArray(place) ? `${place.join(".")}: ${said}` : said;
}

/** A number, or its text, as Azure and LiteLLM write it. */
function httpStatus(code: JsonValue | undefined): number | undefined {
  return /^[45]\d\d$/.test(`${code}`) ? Number(code) : undefined;
}

/** Google's `{"@type":"…RetryInfo","retryDelay":"34.1s"}`. */
function retryDelay(error: JsonObject): number | undefined {
  for (const detail of objectsField(error, "details")) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(textField(detail, "retryDelay") ?? "")?.[1];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  return undefined;
}
