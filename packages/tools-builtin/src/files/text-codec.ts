import { bomLength, type TextEncoding } from "./text-encoding.ts";
import { utf8SequenceLength } from "./utf-8-sequence.ts";
import { decodeWindows1252, encodeWindows1252 } from "./windows-1252.ts";

/**
 * The text of a whole file without its byte-order mark. Exact: encoding the result gives the same bytes, whatever
 * they are. Bytes that are not UTF-8 become lone surrogates, U+DC80 to U+DCFF.
 */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  const body = bytes.subarray(bomLength(encoding));
  if (encoding === "windows-1252") return decodeWindows1252(body);
  if (encoding === "utf-16le" || encoding === "utf-16be") return decodeUtf16(body, encoding);
  return decodeUtf8(body);
}

/** The file of a text, byte-order mark included, or the first character that the encoding does not have. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array | string {
  if (encoding === "windows-1252") return encodeWindows1252(text);
  if (encoding === "utf-16le" || encoding === "utf-16be") return encodeUtf16(`\ufeff${text}`, encoding);
  return encodeUtf8(encoding === "utf-8-bom" ? `\ufeff${text}` : text);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeBrokenUtf8(bytes);
  }
}

function decodeBrokenUtf8(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const pieces: string[] = [];
  let wellFormedFrom = 0;
  for (let index = 0; index < bytes.length; ) {
    const length = utf8SequenceLength(bytes, index);
    if (length === 0) {
      pieces.push(decoder.decode(bytes.subarray(wellFormedFrom, index)));
      pieces.push(String.fromCharCode(0xdc00 + (bytes[index] ?? 0)));
      wellFormedFrom = index + 1;
    }
    index += Math.max(1, length);
  }
  pieces.push(decoder.decode(bytes.subarray(wellFormedFrom)));
  return pieces.join("");
}

function encodeUtf8(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const match of text.matchAll(/[\u{dc80}-\u{dcff}]/gu)) {
    pieces.push(
      encoder.encode(text.slice(from, match.index)),
      Uint8Array.of(match[0].charCodeAt(0) - 0xdc00),
    );
    from = match.index + 1;
  }
  if (from === 0) return encoder.encode(text);
  return Buffer.concat([...pieces, encoder.encode(text.slice(from))]);
}

function decodeUtf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): string {
  const copy = Buffer.from(bytes);
  return (encoding === "utf-16be" ? copy.swap16() : copy).toString("utf16le");
}

function encodeUtf16(text: string, encoding: "utf-16le" | "utf-16be"): Uint8Array {
  const bytes = Buffer.from(text, "utf16le");
  return encoding === "utf-16be" ? bytes.swap16() : bytes;
}
