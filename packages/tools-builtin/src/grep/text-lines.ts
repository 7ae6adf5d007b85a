import { TextDecoder } from "node:util";

const headBytes = 65_536;
const longestLine = 1_000_000;
const linesPerBatch = 2000;
const charactersPerBatch = 500_000;

/** How a file turned out: `binary` when a NUL byte ended the reading. */
export type TextEnd = "text" | "binary";

/**
 * The text of a file in pieces. UTF-8, or UTF-16 where a byte order mark says so; broken sequences are replaced.
 * A NUL byte in the first 64 kB gives no text at all, a later one ends it.
 */
export async function* textPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, TextEnd> {
  let head: Uint8Array[] | undefined = [];
  let length = 0;
  let decoder = new TextDecoder();
  for await (const piece of bytes) {
    if (head === undefined) {
      if (decoder.encoding === "utf-8" && piece.includes(0)) return "binary";
      yield decoder.decode(piece, { stream: true });
      continue;
    }
    head.push(piece);
    length += piece.length;
    if (length < headBytes) continue;
    const start: Uint8Array = Buffer.concat(head);
    head = undefined;
    decoder = decoderFor(start);
    if (decoder.encoding === "utf-8" && start.includes(0)) return "binary";
    yield decoder.decode(start, { stream: true });
  }
  if (head !== undefined) {
    const whole = Buffer.concat(head);
    decoder = decoderFor(whole);
    if (decoder.encoding === "utf-8" && whole.includes(0)) return "binary";
    yield decoder.decode(whole, { stream: true });
  }
  yield decoder.decode();
  return "text";
}

function decoderFor(start: Uint8Array): TextDecoder {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le");
  return new TextDecoder(first === 0xfe && second === 0xff ? "utf-16be" : "utf-8");
}

/** The lines of a text without their `\n`, in batches; of a line beyond 1,000,000 characters the start. */
export async function* textLines(
  pieces: AsyncGenerator<string, TextEnd>,
): AsyncGenerator<readonly string[], TextEnd> {
  let batch: string[] = [];
  let characters = 0;
  let rest = "";
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) {
      if (rest !== "") batch.push(rest);
      if (batch.length > 0) yield batch;
      return value;
    }
    const lines = value.split("\n");
    for (const [index, line] of lines.entries()) {
      if (rest.length < longestLine) rest += line.slice(0, longestLine - rest.length);
      if (index === lines.length - 1) break;
      batch.push(rest);
      characters += rest.length;
      rest = "";
      if (batch.length < linesPerBatch && characters < charactersPerBatch) continue;
      yield batch;
      batch = [];
      characters = 0;
    }
  }
}
