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
  let waiting = "";
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    write: (bytes) => {
      if (bytes.length > mostBytes) decoder.decode(); // forgets a character begun before what is left out
      waiting = (waiting + decoder.decode(bytes.subarray(-mostBytes), { stream: true })).slice(-mostShown);
      if (waiting === "" || now() - shownAt < intervalMs) return;
      shownAt = now();
      show(waiting);
      waiting = "";
    },
  };
}
