import { type Message, type ToolCallPart, toolCalls } from "@claw/agent-core";
import { clearedResult, isCleared } from "./cleared-result.ts";
import { contentSize } from "./content-size.ts";
import type { Strategy } from "./strategy.ts";

export interface DropRepeatsOptions {
  /** Calls with one key give the same thing, of which only the newest counts. `undefined`: never. Default: name and input. */
  readonly keyOf?: (call: ToolCallPart) => string | undefined;
  /** Characters. Default: 400. */
  readonly minCharacters?: number;
}

/** Clears the results of calls that were made again later, such as files that were read twice. */
export function dropRepeats(options: DropRepeatsOptions = {}): Strategy {
  const { keyOf = nameAndInput, minCharacters = 400 } = options;
  return {
    name: "drop-repeats",
    shorten: async ({ messages, reference }) => {
      const keys = keysOf(messages, keyOf);
      const later = new Set<string>();
      const shorter = [...messages];
      let cleared = 0;
      for (let index = messages.length - 1; index >= 0; index--) {
        const message = messages[index];
        if (message?.role !== "tool" || message.outcome.status !== "ok") continue;
        const key = keys.get(message.call);
        if (key === undefined) continue;
        if (!later.has(key)) later.add(key);
        else if (!isCleared(message) && contentSize(message.outcome.content) >= minCharacters) {
          shorter[index] = clearedResult(message, "The same was asked again later.", reference !== undefined);
          cleared += 1;
        }
      }
      return cleared > 0 ? shorter : undefined;
    },
  };
}

function keysOf(
  messages: readonly Message[],
  keyOf: (call: ToolCallPart) => string | undefined,
): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    for (const call of toolCalls(message)) {
      const key = keyOf(call);
      if (key !== undefined) keys.set(call.id, key);
    }
  }
  return keys;
}

function nameAndInput(call: ToolCallPart): string {
  return JSON.stringify([call.name, call.input]);
}
