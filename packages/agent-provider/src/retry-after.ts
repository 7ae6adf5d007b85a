/**
 * How long an answer's headers ask to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a
 * date. `undefined` when they do not ask, or ask for nonsense such as a time in the past.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const exact = nonNegative(headers["retry-after-ms"]);
  if (exact !== undefined) return exact;
  const plain = headers["retry-after"];
  if (plain === undefined) return undefined;
  const seconds = nonNegative(plain);
  if (seconds !== undefined) return seconds * 1000;
  // A bare number is never a date, although `Date.parse` takes some.
  const date = /[a-z]/i.test(plain) ? Date.parse(plain) : Number.NaN;
  return date >= now ? date - now : undefined;
}

function nonNegative(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
