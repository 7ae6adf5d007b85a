import { isJsonObject, type JsonValue } from "@claw/agent-sdk";
import { type Line, span } from "../terminal/line.ts";
import { printableLine } from "../terminal/printable.ts";
import { toolTarget } from "./tool-title.ts";

/**
 * That a hook rewrote a call: what it is about now, or else what of its input is another. Stands below the title of the call;
 * `name` is for where something else is between.
 */
export function rewrittenLine(
  name: string,
  before: JsonValue | undefined,
  after: JsonValue,
  cwd: string,
): Line {
  const target = toolTarget(after, cwd);
  const isOther = target !== "" && (before === undefined || target !== toolTarget(before, cwd));
  const what = isOther ? target : printableLine(changedKeys(before, after).join(", "), 120);
  return [span(`  ⎿ ${name}`, "dim"), span("rewritten by a hook: ", "yellow"), span(what)];
}

function changedKeys(before: JsonValue | undefined, after: JsonValue): readonly string[] {
  const [old, now] = [before, after].map((input) => (isJsonObject(input) ? input : {}));
  const keys = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  return keys.filter((key) => JSON.stringify(old?.[key]) !== JSON.stringify(now?.[key]));
}
