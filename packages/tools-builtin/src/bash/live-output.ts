/** Passes output on to whoever watches while it comes: a few times a second, and of a flood only the latest. */
export interface LiveOutput {
  readonly write: (bytes: Uint8Array) => void;
}

/** Characters shown at once. */
const mostShown = 4_000;
/** Bytes that hold so many characters, whatever they are. */
const mostBytes = mostShown * 4;
const intervalMs = 150;

/** @param show is given what is new since it was called last. What comes at the very end is the result's to show. */
export function liveOutput(show: (text: string) => void, now: () => number): LiveOutput {
  const decoder = new TextDecoder();
  /** The latest bytes of what was not shown yet. They become text only for showing: a flood is mostly not. */
  const waiting = new Uint8Array(mostBytes);
  let length = 0;
  let shownAt = Number.NEGATIVE_INFINITY;

  function keep(bytes: Uint8Array): void {
    const latest = bytes.subarray(-mostBytes);
    const excess = length + latest.length - mostBytes;
    if (excess > 0) {
      decoder.decode(); // forgets a character begun before what is left out
      waiting.copyWithin(0, excess, length);
      length -= excess;
    }
    waiting.set(latest, length);
    length += latest.length;
  }

  return {
    write: (bytes) => {
      keep(bytes);
      if (length === 0 || now() - shownAt < intervalMs) return;
      const text = decoder.decode(waiting.subarray(0, length), { stream: true }).slice(-mostShown);
      length = 0;
      if (text === "") return;
      shownAt = now();
      show(text);
    },
  };
}
