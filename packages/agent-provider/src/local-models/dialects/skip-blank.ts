/** The next place that has no blank; nobody puts thousands of them into a call, so it stops looking after some. */
export function skipBlank(text: string, from: number): number {
  const last = Math.min(text.length, from + mostBlanks);
  let at = from;
  while (at < last && " \t\r\n".includes(text.charAt(at))) at++;
  return at;
}

const mostBlanks = 2_000;
