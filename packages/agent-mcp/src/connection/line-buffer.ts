/** The lines of a stream of bytes, of which no more is kept than the limit. */
export interface LineBuffer {
  /** @throws Error where what is not taken out yet is longer than the limit; nothing is kept then */
  readonly append: (chunk: Buffer) => void;
  /** The next whole line without its end, or `undefined`. */
  readonly next: () => string | undefined;
}

const lineFeed = 0x0a;

export function lineBuffer(maxBytes: number): LineBuffer {
  /** Pieces of the first line, of which only the last may hold its end. */
  let pieces: Buffer[] = [];
  let length = 0;
  return {
    append: (chunk) => {
      length += chunk.length;
      if (length > maxBytes) {
        pieces = [];
        length = 0;
        throw new Error(`The server sent what is longer than ${maxBytes} bytes.`);
      }
      const last = pieces.at(-1);
      // Lines that wait are looked through once more, and there are none where somebody takes them out.
      if (last?.includes(lineFeed) === true) pieces = [Buffer.concat([...pieces, chunk])];
      else pieces.push(chunk);
    },
    next: () => {
      const last = pieces.at(-1);
      const end = last?.indexOf(lineFeed) ?? -1;
      if (last === undefined || end === -1) return undefined;
      const line = Buffer.concat([...pieces.slice(0, -1), last.subarray(0, end)]);
      const rest = last.subarray(end + 1);
      pieces = rest.length === 0 ? [] : [rest];
      length = rest.length;
      return line.toString("utf8").replace(/\r$/, "");
    },
  };
}
