import type { Fault } from "@claw/agent-core";

/** Tells a failure from what was asked for, where a function returns either. */
export function isFault<Value extends object>(result: Value | Fault): result is Fault {
  return "code" in result && "message" in result && typeof result.code === "string";
}
