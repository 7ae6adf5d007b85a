/**
 * The length of the well-formed UTF-8 sequence that starts at `index`, or 0 where the byte starts none.
 * Source: The Unicode Standard, table 3-7.
 */
export function utf8SequenceLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0xff;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || !isSecond(first, bytes[index + 1])) return 0;
  for (let place = 2; place < length; place += 1) {
    if (!isContinuation(bytes[index + place])) return 0;
  }
  return length;
}

/** Excludes overlong forms, surrogates and code points beyond U+10FFFF. */
function isSecond(first: number, second: number | undefined): boolean {
  if (second === undefined) return false;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return second >= lowest && second <= highest;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}
