import type { JsonValue } from "@claw/agent-core";

/** How much a model thinks before it answers. */
export type Effort = "none" | "low" | "medium" | "high";

export const efforts: readonly Effort[] = ["none", "low", "medium", "high"];

/** `xhigh` and `max` of another product are the most that there is here. `undefined`: it is none. */
export function readEffort(value: JsonValue): Effort | undefined {
  if (value === "xhigh" || value === "max") return "high";
  return efforts.find((each) => each === value);
}
