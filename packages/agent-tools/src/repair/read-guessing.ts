import { isJsonObject, type JsonValue } from "@claw/agent-core";
import type { Reading } from "./read-lossless.ts";

/**
 * Reads text that is JSON with wrong quotes, missing commas, comments, Python's words and the like, as the `jsonrepair`
 * library understands it. That is a guess, so callers must be able to live with a wrong one. `undefined` when it gives
 * no object, and for text that it is known to damage.
 */
export async function readGuessing(raw: string): Promise<Reading | undefined> {
  if (raw.length > maxCharacters || losesBackslashes.test(raw)) return undefined;
  const { jsonrepair } = await import("jsonrepair");
  try {
    const value = JSON.parse(jsonrepair(raw)) as JsonValue; // JSON.parse returns nothing else
    return isJsonObject(value) ? { input: value, fixes: ["guessed"] } : undefined;
  } catch {
    return undefined;
  }
}

/** It takes 146 ms for 200,000 characters, and nobody reads with arguments of that length. */
const maxCharacters = 50_000;

/** Escapes that JSON does not know, such as `\d`: the library drops the backslash, and a pattern means something else. */
const losesBackslashes = /(?<!\\)(?:\\\\)*\\[^"\\/bfnrtu'\n]/;
