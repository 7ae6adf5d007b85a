import { safeJson } from "./safe-json.ts";

/** A value as a line of JSON, for programs to read and safe to look at. */
export function jsonLine(value: unknown): string {
  return `${safeJson(JSON.stringify(value))}\n`;
}
