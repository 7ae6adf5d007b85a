import { notPlain, plainBytes } from "./plain-json.ts";
import type { Redact } from "./ports/redact.ts";

/** Whether the value is plain JSON without secrets. */
export function isCleanJson(value: unknown, redact: Redact): boolean {
  return cleanBytes(value, redact) !== notPlain;
}

/** The same, and how large it is: what `roughBytes` gives, or `notPlain`. */
export function cleanBytes(value: unknown, redact: Redact): number {
  try {
    return plainBytes(value, redact);
  } catch {
    return notPlain;
  }
}
