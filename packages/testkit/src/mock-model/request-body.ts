import type { IncomingMessage } from "node:http";
import type { JsonObject, JsonValue } from "@claw/agent-core";
import { isJsonObject } from "@claw/agent-core";
import type { Finding } from "./finding.ts";

/** A request body as the vendors take it, or why they would not. */
export type RequestBody =
  | { readonly type: "json"; readonly raw: string; readonly body: JsonObject }
  | { readonly type: "refused"; readonly finding: Finding };

/** Reads the whole body. Rejects when the client leaves before its end. */
export async function readRequestBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set, so chunks are buffers
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json(;|$)/i.test(type))
    return refused(`content-type must be application/json, not "${type}"`);
  return parseBody(Buffer.concat(chunks));
}

function parseBody(bytes: Uint8Array): RequestBody {
  let raw: string;
  try {
    raw = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refused("The request body is not valid UTF-8");
  }
  let body: JsonValue;
  try {
    body = JSON.parse(raw);
  } catch (thrown) {
    return refused(
      `The request body is not valid JSON: ${thrown instanceof Error ? thrown.message : "unreadable"}`,
    );
  }
  if (!isJsonObject(body)) return refused("The request body must be a JSON object");
  if (hasLoneSurrogate(body))
    return refused("The request body is not valid JSON: no low surrogate in string");
  return { type: "json", raw, body };
}

/** Half a pair, as an escape: text that was cut in the middle of a character. */
function hasLoneSurrogate(value: JsonValue): boolean {
  if (typeof value === "string") return /\p{Surrogate}/u.test(value);
  if (Array.isArray(value)) return value.some(hasLoneSurrogate);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, field]) => hasLoneSurrogate(key) || hasLoneSurrogate(field));
}

function refused(message: string): RequestBody {
  return { type: "refused", finding: { message } };
}
