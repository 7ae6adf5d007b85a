import type { JsonObject, JsonValue, ToolSpec } from "@claw/agent-core";
import { skipBlank } from "./skip-blank.ts";
import { typedValue } from "./typed-value.ts";

/** How a parameter's tag is written. */
export interface ParameterStyle {
  /** Before the key. */
  readonly open: string;
  /** Behind the key. */
  readonly close: string;
  /** The value stands on lines of its own: one line break on each side of it is not part of it. */
  readonly ownLines: boolean;
}

/**
 * The arguments between a call's tags, one tag for each parameter. Values are text; where the tool's schema wants
 * something else, they are read as JSON. `undefined` when there is anything besides, a key comes twice, or a value has
 * the closing tag in it: nobody knows then where it ends.
 */
export function readTagParameters(
  body: string,
  style: ParameterStyle,
  tool: ToolSpec,
): JsonObject | undefined {
  const values = new Map<string, JsonValue>();
  let at = skipBlank(body, 0);
  while (at < body.length) {
    if (!body.startsWith(style.open, at)) return undefined;
    const keyEnd = body.indexOf(style.close, at + style.open.length);
    const end = keyEnd === -1 ? -1 : body.indexOf(closing, keyEnd);
    if (end === -1) return undefined;
    const key = body.slice(at + style.open.length, keyEnd).trim();
    if (!/^[\w.-]{1,128}$/.test(key) || values.has(key)) return undefined;
    const raw = body.slice(keyEnd + style.close.length, end);
    values.set(key, typedValue(style.ownLines ? withoutOwnLines(raw) : raw, key, tool));
    at = skipBlank(body, end + closing.length);
  }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(values);
}

const closing = "</parameter>";

function withoutOwnLines(raw: string): string {
  return raw.replace(/^\r?\n/, "").replace(/\r?\n$/, "");
}
