import type { Fault } from "@claw/agent-sdk";
import { printable } from "./terminal/printable.ts";

/** One message for people: what happened and, on a line of its own, what to do about it. */
export function faultText(fault: Fault): string {
  const hint =
    fault.hint === undefined ? "" : `\n      ${printable(fault.hint).replaceAll("\n", "\n      ")}`;
  return `claw: ${printable(fault.message)}${hint}\n`;
}
