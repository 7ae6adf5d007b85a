import { readToolInput, type ToolInput } from "../../read-tool-input.ts";
import type { ReadContext } from "./dialect.ts";
import { jsonEnd } from "./json-end.ts";
import { literalAt } from "./literal-at.ts";
import { skipBlank } from "./skip-blank.ts";
import { textUntil } from "./text-until.ts";

/**
 * A call's arguments as a JSON object with a marker behind it. The marker may be missing at the very end: servers take
 * it for the end of the reply and drop it. Broken JSON goes up to the marker, where a call with broken arguments is one.
 */
export function jsonBefore(
  text: string,
  at: number,
  marker: string,
  context: ReadContext,
): { readonly input: ToolInput; readonly end: number } | undefined {
  if (text.charAt(at) !== "{") return undefined;
  const close = jsonEnd(text, at, context);
  const behind = close === undefined ? undefined : literalAt(text, skipBlank(text, close), marker);
  if (behind !== undefined) {
    const input = readToolInput(text.slice(at, close), false);
    if (input.malformed === undefined || context.repairs)
      return { input, end: behind === "open" ? text.length : behind };
  }
  const rest = context.repairs ? textUntil(text, at, marker, context) : undefined;
  return rest && { input: readToolInput(rest.text.trim(), false), end: rest.end };
}
