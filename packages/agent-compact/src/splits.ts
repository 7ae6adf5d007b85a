import type { Message } from "@claw/agent-core";
import { safeCuts } from "./safe-cuts.ts";

/** A conversation in two: what is left out, and what stays behind it. */
export interface Split {
  readonly left: readonly Message[];
  /** Of the beginning, what stands through every compaction. */
  readonly pinned: readonly Message[];
  /** The human's last message, where it would be left out otherwise, and the newest messages. */
  readonly stays: readonly Message[];
}

/**
 * All ways to leave out a beginning, the one that keeps most first. The human's last message always stays, and so
 * does the newest reply with its results.
 */
export function splits(messages: readonly Message[]): readonly Split[] {
  const lastHuman = messages.findLastIndex(
    (message) => message.role === "user" && message.origin === "human",
  );
  return safeCuts(messages)
    .filter((cut) => cut > 0)
    .map((cut) => {
      const human = lastHuman >= 0 && lastHuman < cut ? messages.slice(lastHuman, lastHuman + 1) : [];
      const beginning = messages.slice(0, cut).filter((message) => !human.includes(message));
      return {
        left: beginning.filter((message) => !isPinned(message)),
        pinned: beginning.filter(isPinned),
        stays: [...human, ...messages.slice(cut)],
      };
    })
    .filter((split) => split.left.length > 0);
}

function isPinned(message: Message): boolean {
  return message.role === "user" && message.pinned === true;
}
