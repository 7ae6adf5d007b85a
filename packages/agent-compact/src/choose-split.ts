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
 * Of the ways to leave out a beginning the one that keeps most and fits; the one that keeps least when none does. The
 * human's last message always stays, and so does the newest reply with its results. `undefined`: there is nothing to leave
 * out. Looks at few of the ways, since what keeps less fits better: a conversation may have a hundred thousand.
 */
export function chooseSplit(
  messages: readonly Message[],
  fits: (split: Split) => boolean,
): Split | undefined {
  const splitAt = splitter(messages);
  const cuts = safeCuts(messages).filter((cut) => cut > 0);
  const first = cuts.findIndex((cut) => splitAt(cut).left.length > 0);
  const last = cuts.at(-1);
  if (first === -1 || last === undefined) return undefined;
  let [low, high] = [first, cuts.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(splitAt(cuts[middle] ?? last))) high = middle;
    else low = middle + 1;
  }
  return splitAt(cuts[high] ?? last);
}

function splitter(messages: readonly Message[]): (cut: number) => Split {
  const lastHuman = messages.findLastIndex(
    (message) => message.role === "user" && message.origin === "human",
  );
  return (cut) => {
    const human = lastHuman >= 0 && lastHuman < cut ? messages.slice(lastHuman, lastHuman + 1) : [];
    const beginning = messages.slice(0, cut).filter((message) => !human.includes(message));
    return {
      left: beginning.filter((message) => !isPinned(message)),
      pinned: beginning.filter(isPinned),
      stays: [...human, ...messages.slice(cut)],
    };
  };
}

function isPinned(message: Message): boolean {
  return message.role === "user" && message.pinned === true;
}
