/**
 * The characters of a text as a person counts them. Linear: each result of the platform's own segmenter carries a
 * copy of its whole input, so it is given short pieces, and none where plain ASCII needs no rules.
 */
export function* graphemes(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    if (isAscii(text, at) && (at + 1 === text.length || isAscii(text, at + 1))) {
      yield text.charAt(at);
      at += 1;
      continue;
    }
    const end = pieceEnd(text, at);
    for (const { segment } of segmenter.segment(text.slice(at, end))) yield segment;
    at = end;
  }
}

const segmenter = new Intl.Segmenter();

/** Code units; a grapheme that is longer is cut. */
const longestPiece = 128;

function pieceEnd(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && end - start < longestPiece && !isAscii(text, end)) end++;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff && end < text.length ? end + 1 : end;
}

function isAscii(text: string, index: number): boolean {
  return text.charCodeAt(index) < 0x80;
}
