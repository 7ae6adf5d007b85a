import type { Dialect, ReadContext } from "./dialects/dialect.ts";
import { nextCall, skipTo, textStart } from "./next-call.ts";

/** Says of a text that is still coming how much of it can be shown: surely words, whatever follows. */
export interface TextHold {
  /** Takes the next piece; gives the number of characters, from the text's beginning, that are surely words. */
  readonly take: (piece: string) => number;
}

/** Only what may be, or is, the beginning of a call is held back; blanks at the very beginning too. */
export function createTextHold(
  dialects: readonly Dialect[],
  tools: ReadContext["tools"],
  repairs: boolean,
): TextHold {
  const context: ReadContext = { tools, repairs, final: false, work: { left: 10_000 } };
  const place = textStart();
  /** The text from `offset` on. */
  let text = "";
  let offset = 0;
  let wait: Wait = again;

  const look = (): void => {
    for (;;) {
      // Text that is made to be looked at for ever is looked at in the end, once.
      if (context.work.left <= 0) {
        wait = waitFor(undefined, text);
        return;
      }
      const found = nextCall(text, place, dialects, context);
      if (found === undefined) {
        wait = again;
        return;
      }
      const { reading, where } = found;
      if (reading.type === "open") {
        wait = waitFor(reading.until, text);
        return;
      }
      // Fences count only at the end of the text.
      const over = where === "fence" && /^[ \t\r]*\n\s*[^\s`]/.test(text.slice(reading.end));
      if (!over) {
        const isShort = where === "fence" && text.length - place.at < longestFence;
        wait = isShort ? again : waitFor(undefined, text);
        return;
      }
      skipTo(place, reading.end);
      place.fenceSeen = true;
    }
  };

  return {
    take: (piece) => {
      text += piece;
      context.work.left += 16 * piece.length;
      if (!isWorth(wait, piece)) return place.alone ? 0 : offset + place.at;
      look();
      if (place.at > keptBack) {
        offset += place.at;
        text = text.slice(place.at);
        place.at = 0;
      }
      return place.alone ? 0 : offset + place.at;
    },
  };
}

/** What has to come before it is worth to look again; `tail`: the end of what came since. */
interface Wait {
  readonly until: string | undefined;
  tail: string;
}

const again: Wait = { until: "", tail: "" };

function waitFor(until: string | undefined, text: string): Wait {
  return { until, tail: until ? text.slice(1 - until.length) : "" };
}

function isWorth(wait: Wait, piece: string): boolean {
  if (wait.until === undefined) return false;
  if (wait.until === "") return true;
  const seen = wait.tail + piece;
  wait.tail = seen.slice(1 - wait.until.length);
  return seen.includes(wait.until);
}

/** Characters that were looked through are let go of when there are more than so many. */
const keptBack = 4_096;

/** A fence that may be a call is followed by an end or by words soon, or is looked at in the end. */
const longestFence = 20_000;
