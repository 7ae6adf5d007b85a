/** Passes output on to whoever watches while it comes: a few times a second, and of a flood only the latest. */
export interface LiveOutput {
  readonly write: (bytes: Uint8Array) => void;
  /** Nothing is shown any more: what came last is the result's to show. */
  readonly end: () => void;
}

/** Characters shown at once. */
const mostShown = 4_000;
/** Bytes that hold so many characters, whatever they are. */
const mostBytes = mostShown * 4;
/** What came first is held back as long: most commands are over by then, and their result says it all. */
const intervalMs = 150;

/** @param show is given what is new since it was called last. */
export function liveOutput(show: (text: string) => void): LiveOutput {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  /** The latest bytes of what was not shown yet. They become text only for showing: a flood is mostly not. */
  let waiting = new Uint8Array(0);
  let length = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function keep(bytes: Uint8Array): void {
    const latest = bytes.subarray(-mostBytes);
    makeRoom(latest.length);
    waiting.set(latest, length);
    length += latest.length;
  }

  function makeRoom(more: number): void {
    if (length + more <= waiting.length) return;
    const excess = length + more - mostBytes;
    if (excess > 0) {
      decoder?.decode(); // forgets a character begun before what is left out
      waiting.copyWithin(0, excess, length);
      length -= excess;
    }
    if (waiting.length === mostBytes) return;
    const larger = new Uint8Array(length + more <= fewBytes ? fewBytes : mostBytes);
    larger.set(waiting.subarray(0, length));
    waiting = larger;
  }

  function showLatest(): void {
    timer = undefined;
    decoder ??= new TextDecoder();
    const text = decoder.decode(waiting.subarray(0, length), { stream: true }).slice(-mostShown);
    length = 0;
    if (text !== "") show(text);
  }

  return {
    write: (bytes) => {
      keep(bytes);
      if (length > 0) timer ??= setTimeout(showLatest, intervalMs);
    },
    end: () => clearTimeout(timer),
  };
}

/** Enough for most commands. */
const fewBytes = 512;
