import { createHash } from "node:crypto";
import { isJsonObject, type JsonValue } from "@claw/agent-core";

/** SHA-256 of a definition, in hex. The order of its keys does not matter; everything else does. */
export function definitionHash(written: JsonValue): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(written)))
    .digest("hex");
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => sorted(item));
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).sort((one, other) => (one < other ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
