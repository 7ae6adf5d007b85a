import type { JsonObject } from "@claw/agent-core";
import { field } from "../json-fields.ts";

/** The text of a call's arguments. Some servers send the object itself; anything else is kept, to be refused as arguments. */
export function openaiArguments(call: JsonObject | undefined): string {
  const args = field(call, "arguments") ?? "";
  return typeof args === "string" ? args : JSON.stringify(args);
}
