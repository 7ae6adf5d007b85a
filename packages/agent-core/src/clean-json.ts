import { isPlainJson } from "./plain-json.ts";
import type { Redact } from "./ports/redact.ts";

/** Whether the value is plain JSON without secrets. */
export function isCleanJson(value: unknown, redact: Redact): boolean {
  try {
    return isPlainJson(value, redact);
  } catch {
    return false;
  }
}
