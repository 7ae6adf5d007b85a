/** Text that every JSON parser and every provider takes: lone surrogates become U+FFFD, NULs become visible. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "\u{fffd}").replaceAll("\0", "\u{2400}");
}
