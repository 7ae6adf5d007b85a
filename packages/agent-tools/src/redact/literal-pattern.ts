/** A regular expression, in its source, that is the text alone. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[^\w ]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
