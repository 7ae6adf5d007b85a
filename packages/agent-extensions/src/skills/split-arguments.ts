/** The words of a line as a shell would have them: quotes hold blanks together, a backslash takes the next as it is. */
export function splitArguments(line: string): readonly string[] {
  const words: string[] = [];
  for (const [token] of line.matchAll(/(?:"(?:\\.|[^"\\])*"?|'[^']*'?|\\.|[^\s"'\\])+/gs)) {
    words.push(
      token.replace(
        /"((?:\\.|[^"\\])*)"?|'([^']*)'?|\\(.)/gs,
        (_, double?: string, single?: string, one?: string) =>
          double === undefined ? (single ?? one ?? "") : double.replace(/\\(["\\$`])/g, "$1"),
      ),
    );
  }
  return words;
}
