import type { FileHandle } from "node:fs/promises";

/** One line of a file. */
export interface FileLine {
  /** 1-based. */
  readonly number: number;
  /** Without the newline; `undefined` for a line over the cap. */
  readonly text: string | undefined;
  /** False for a last line that no newline ends. */
  readonly ended: boolean;
}

/** The lines of a file from its beginning, in memory of about one line; one over `maxBytes` is passed over. */
export async function* fileLines(file: FileHandle, maxBytes: number): AsyncGenerator<FileLine, void> {
  const chunk = Buffer.allocUnsafe(256 * 1024);
  let pieces: Buffer[] = [];
  let length = 0;
  let number = 0;

  function take(piece: Buffer): void {
    length += piece.length;
    if (length <= maxBytes) pieces.push(piece);
    else pieces = [];
  }

  function finish(ended: boolean): FileLine {
    const whole = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    const text = length <= maxBytes ? whole?.toString("utf8") : undefined;
    pieces = [];
    length = 0;
    number += 1;
    return { number, text, ended };
  }

  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const filled = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let end = filled.indexOf(10); end !== -1; end = filled.indexOf(10, start)) {
      take(filled.subarray(start, end));
      yield finish(true);
      start = end + 1;
    }
    // A copy: the chunk is filled anew.
    if (start < bytesRead) take(Buffer.from(filled.subarray(start)));
  }
  if (length > 0) yield finish(false);
}
