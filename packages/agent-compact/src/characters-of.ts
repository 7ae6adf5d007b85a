/** About how many characters of text make so many tokens. */
export function charactersOf(tokens: number): number {
  return tokens * 4;
}
