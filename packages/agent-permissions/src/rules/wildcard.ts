/** Whether the whole text fits a pattern in which `*` stands for any text. Linear in practice, never exponential. */
export function wildcardMatches(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const last = pieces.length - 1;
  if (last === 0) return pattern === text;
  const head = pieces[0] ?? "";
  const tail = pieces[last] ?? "";
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  const end = text.length - tail.length;
  let at = head.length;
  for (const piece of pieces.slice(1, last)) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/** In a text: any text whatsoever, not known yet. Cannot occur in an argument. */
export const anything = "\u0000";

/** Whether some text that `text` may stand for fits the pattern: `text` may hold `anything`. */
export function wildcardMayMatch(pattern: string, text: string): boolean {
  if (!text.includes(anything)) return wildcardMatches(pattern, text);
  if (pattern.length * text.length > 4_000_000) return true;
  // reachable[j]: the pattern so far fits the first j characters of the text.
  let reachable = new Uint8Array(text.length + 1);
  reachable[0] = 1;
  for (let j = 0; j < text.length && text[j] === anything; j += 1) reachable[j + 1] = 1;
  for (const symbol of pattern) {
    const next = new Uint8Array(text.length + 1);
    for (let j = 0; j <= text.length; j += 1) {
      const unknown = j > 0 && text[j - 1] === anything;
      const before = j > 0 ? reachable[j - 1] : 0;
      const skipped = j > 0 ? next[j - 1] : 0;
      if (symbol === "*") next[j] = reachable[j] || skipped ? 1 : 0;
      // An unknown stretch swallows a symbol and stays, or ends without one.
      else if (unknown) next[j] = reachable[j] || skipped || before ? 1 : 0;
      else next[j] = before && text[j - 1] === symbol ? 1 : 0;
    }
    reachable = next;
  }
  return reachable[text.length] === 1;
}
