/** Lines as `cat -n` shows them: the number right-aligned in 6 columns, a tab, the text. `first` is 1-based. */
export function numberedLines(lines: readonly string[], first: number): string {
  return lines.map((line, index) => `${String(first + index).padStart(6)}\t${line}`).join("\n");
}
