/** Lines as `cat -n` shows them: the number right-aligned in 6 columns, a tab, the text. `first` is 1-based. */
export function numberedLines(lines: readonly string[], first: number): string {
  let text = "";
  let number = first;
  for (const line of lines) {
    text += `${number === first ? "" : "\n"}${String(number).padStart(6)}\t${line}`;
    number += 1;
  }
  return text;
}
