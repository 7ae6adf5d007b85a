import { isJsonObject, type JsonValue } from "@claw/agent-core";

/** Levels of objects and lists in what a server sends; what is deeper breaks those that walk through it. */
export const mostLevels = 100;

/** Without recursion, which is what deep values break. */
export function isTooDeep(value: JsonValue): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostLevels) return true;
    level = level.flatMap((each) =>
      Array.isArray(each) ? each : isJsonObject(each) ? Object.values(each) : [],
    );
  }
  return false;
}
