import { isJsonObject, type ToolOutcome, text } from "@claw/agent-core";
import { wellFormed } from "../well-formed.ts";
import type { Repair } from "./repair-call.ts";

/**
 * The outcome of a call whose arguments were repaired. The model is told first, with the arguments as it should have
 * written them; people find the fixes and the arguments under `details.repaired`. A call that was cancelled or refused
 * stays as it is.
 */
export function tellOfRepair(outcome: ToolOutcome, tool: string, repair: Repair): ToolOutcome {
  if ((outcome.status !== "ok" && outcome.status !== "failed") || repair.fixes.length === 0) return outcome;
  const { details } = outcome;
  const repaired = { fixes: repair.fixes, input: repair.input };
  return {
    ...outcome,
    content: [text(note(tool, repair)), ...outcome.content],
    ...(details === undefined || isJsonObject(details) ? { details: { ...details, repaired } } : {}),
  };
}

function note(tool: string, { input, fixes }: Repair): string {
  const written = wellFormed(JSON.stringify(input));
  const shown = written.length > maxShown ? `${wellFormed(written.slice(0, maxShown))}…` : written;
  return `[The arguments of ${tool} were not valid JSON and were repaired (${fixes.join(", ")}). They should have been: ${shown}]\n`;
}

const maxShown = 300;
