import { isJsonObject, type JsonObject, type JsonValue } from "@claw/agent-core";
import type { Sdk } from "./load-sdk.ts";
import { withoutNulls } from "./without-nulls.ts";

/** A part of a result as the protocol has it. What cannot be shown is named in its place. */
export function usableBlock(block: JsonValue, { isSpecType }: Sdk): JsonValue {
  if (isSpecType.ContentBlock(block)) return block;
  if (!isJsonObject(block)) return words("[A part that is no object is left out.]");
  const plain = plainBlock(block);
  if (isSpecType.ContentBlock(plain)) return plain;
  const { type = null, data } = block;
  if ((type === "image" || type === "audio") && !isBase64(data))
    return words(`[The ${type} is left out: it is not base64.]`);
  const kind = JSON.stringify(typeof type === "string" ? type.slice(0, 64) : null);
  const why = knownKinds.includes(type) ? "it is not as the protocol has it" : "it is not known here";
  return words(`[A part of the kind ${kind} is left out: ${why}.]`);
}

const knownKinds: readonly JsonValue[] = ["text", "image", "audio", "resource", "resource_link"];

/** Without what shows nothing: words about the part, and what is `null` where it could have been left out. */
function plainBlock({ annotations: _, _meta: __, icons: ___, ...block }: JsonObject): JsonObject {
  const { resource } = block;
  return withoutNulls(isJsonObject(resource) ? { ...block, resource: plainBlock(resource) } : block);
}

function isBase64(data: JsonValue | undefined): boolean {
  try {
    return typeof data === "string" && atob(data) !== undefined;
  } catch {
    return false;
  }
}

function words(text: string): JsonObject {
  return { type: "text", text };
}
