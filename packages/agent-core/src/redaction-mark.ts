import type { JsonValue } from "./json.ts";

/** What stands where a secret was, such as `[redacted: GITHUB_TOKEN]`. `what` is the name of the secret or its kind. */
export function redactionMark(what: string): string {
  return `[redacted: ${what.replaceAll(/[^\w .-]/g, "_").slice(0, longestName)}]`;
}

const longestName = 60;

/** The marks in a text, in order. */
export function redactionMarks(text: string): readonly string[] {
  return text.includes("[redacted: ") ? (text.match(/\[redacted: [\w .-]{1,60}\]/g) ?? []) : [];
}

/** Whether something was taken out of the arguments of a call: they are not what the model asked for any more. */
export function wasRedacted(input: JsonValue): boolean {
  return redactionMarks(JSON.stringify(input)).length > 0;
}
