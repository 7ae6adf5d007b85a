import { bomLength, type TextEncoding } from "./text-encoding.ts";
import { decodeWindows1252 } from "./windows-1252.ts";

/**
 * The text of a file piece by piece, for showing: without byte-order mark, U+FFFD for what is broken, never half a
 * character at the end of a piece.
 */
export async function* decodeStream(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<string, void, undefined> {
  const label = encoding === "utf-8-bom" ? "utf-8" : encoding;
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  let skip = bomLength(encoding);
  for await (const chunk of chunks) {
    const body = chunk.subarray(skip);
    skip -= chunk.length - body.length;
    yield encoding === "windows-1252" ? decodeWindows1252(body) : decoder.decode(body, { stream: true });
  }
  if (encoding !== "windows-1252") yield decoder.decode();
}
