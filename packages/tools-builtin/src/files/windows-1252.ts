/**
 * The bytes 0x80 to 0x9F in Windows-1252; all others are their own code point. The five bytes without a character
 * stand for the C1 control of the same number, so that every byte has exactly one character and back.
 * Source: https://encoding.spec.whatwg.org/index-windows-1252.txt
 */
const upperControls =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

function codeOf(byte: number): number {
  return byte >= 0x80 && byte <= 0x9f ? upperControls.charCodeAt(byte - 0x80) : byte;
}

function byteOf(code: number): number | undefined {
  if (code < 0x80 || (code > 0x9f && code <= 0xff)) return code;
  const place = upperControls.indexOf(String.fromCharCode(code));
  return place < 0 ? undefined : 0x80 + place;
}

const piece = 8192;

/** The text of Windows-1252 bytes: one UTF-16 unit for each byte. */
export function decodeWindows1252(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += piece) {
    const codes = Uint16Array.from(bytes.subarray(from, from + piece), codeOf);
    pieces.push(String.fromCharCode(...codes));
  }
  return pieces.join("");
}

/** The bytes of a text, or the first character that Windows-1252 does not have. */
export function encodeWindows1252(text: string): Uint8Array | string {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const byte = byteOf(text.charCodeAt(index));
    if (byte === undefined) return String.fromCodePoint(text.codePointAt(index) ?? 0xfffd);
    bytes[index] = byte;
  }
  return bytes;
}
