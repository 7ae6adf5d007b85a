import { addAbortSignal } from "node:stream";
import type { Io } from "../io.ts";

/** Characters of a line that is read; a longer one is skipped and told of. */
export const longestLine = 16_000_000;

/** The lines of stdin as they come, `undefined` for one that is too long. Ends early when `signal` fires. */
export async function* stdinLines(
  stdin: Io["stdin"],
  signal: AbortSignal,
): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder();
  let begun = "";
  let isTooLong = false;
  try {
    for await (const chunk of addAbortSignal(signal, stdin)) {
      const lines = decoder.decode(chunk, { stream: true }).split("\n");
      const rest = lines.pop() ?? "";
      for (const line of lines) {
        const whole = begun + line;
        yield isTooLong || whole.length > longestLine ? undefined : whole;
        begun = "";
        isTooLong = false;
      }
      isTooLong ||= begun.length + rest.length > longestLine;
      begun = isTooLong ? "" : begun + rest;
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  if (isTooLong) yield undefined;
  else if (begun !== "") yield begun;
}
