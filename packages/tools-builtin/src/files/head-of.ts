/** The start of a text, at most `most` UTF-16 units of it, without half a character at its end. */
export function headOf(text: string, most: number): string {
  const head = text.slice(0, most);
  return head.length < text.length ? head.replace(/[\ud800-\udbff]$/, "") : head;
}
