import type { Fault } from "@claw/agent-sdk";
import { printable } from "./terminal/printable.ts";

/** One message for people: what happened and, on a line of its own, what to do about it. */
export function faultText(fault: Fault): string {
  const hint = fault.hint ?? ownHints.get(fault.code);
  const advice = hint === undefined ? "" : `\n      ${printable(hint).replaceAll("\n", "\n      ")}`;
  return `claw: ${printable(fault.message)}${advice}\n`;
}

/** The same for what does not stop the program. */
export function warningText(fault: Fault): string {
  return faultText({ ...fault, message: `warning: ${fault.message}` });
}

/** What only the command line can advise. */
const ownHints: ReadonlyMap<string, string> = new Map([
  ["session-unknown", "claw sessions list shows the ones of this folder."],
]);
