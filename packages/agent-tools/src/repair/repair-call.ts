import type { JsonObject, ToolCallPart } from "@claw/agent-core";
import { hasEnd } from "./has-end.ts";
import { readGuessing } from "./read-guessing.ts";
import { readLossless } from "./read-lossless.ts";

/** Arguments that were no JSON, as they were read after all. */
export interface Repair {
  readonly input: JsonObject;
  /** What was done to the text, such as `trailing-comma`; empty for text that is valid JSON already. */
  readonly fixes: readonly string[];
  /** The reading is a guess, or the call itself was found in text: it may read and do nothing else. */
  readonly readsOnly: boolean;
}

/**
 * Reads the arguments of a malformed call: first by fixes that cannot change a value, then by guessing. `undefined`
 * where neither gives a JSON object, or where the text has no end: what a length limit cut off is never completed.
 */
export async function repairCall(call: ToolCallPart): Promise<Repair | undefined> {
  if (typeof call.input !== "string" || isCutOff(call)) return undefined;
  const fromText = call.recovered?.from === "text";
  const lossless = readLossless(call.input);
  if (lossless !== undefined) return { ...lossless, readsOnly: fromText };
  if (!hasEnd(call.input)) return undefined;
  const guess = await readGuessing(call.input);
  return guess === undefined ? undefined : { ...guess, readsOnly: true };
}

/** Model functions say it in these words. A cut in the middle of the text needs no words: it shows. */
function isCutOff(call: ToolCallPart): boolean {
  return /\bcut off\b/i.test(call.malformed ?? "");
}
