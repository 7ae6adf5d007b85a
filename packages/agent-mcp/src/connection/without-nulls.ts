import type { JsonObject } from "@claw/agent-core";

/** Without those members, all by default, that are `null`: some servers write that for what is not there. */
export function withoutNulls(
  values: JsonObject,
  members: readonly string[] = Object.keys(values),
): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== null || !members.includes(name)),
  );
}
