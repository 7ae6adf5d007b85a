import type { JsonObject, JsonValue } from "@claw/agent-core";
import { isJsonObject } from "@claw/agent-core";

/** The value when it is an object, else an empty one. For reading a body whose shape was checked, or does not matter. */
export function looseObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The objects of a list; nothing when it is no list. */
export function looseObjects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(looseObject) : [];
}

/** The value when it is a string, else an empty one. */
export function looseText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The text of content that is a string or a list of parts with a `text`. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  return looseObjects(content)
    .map((part) => looseText(part["text"]))
    .join("");
}

/** Parsed, or the text itself where it is not JSON. */
export function parsedOrText(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
