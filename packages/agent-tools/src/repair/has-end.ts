/**
 * Whether a text that is nearly JSON comes to its own end: each string and bracket is closed, the last of them at the
 * end. What does not may have been cut off, and nobody knows how it went on.
 */
export function hasEnd(text: string): boolean {
  const open: string[] = [];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === "{" || char === "[") {
      open.push(char === "{" ? "}" : "]");
    } else if (char === "}" || char === "]") {
      if (open.pop() !== char) return false;
    }
  }
  return quote === "" && open.length === 0 && text.trimEnd().endsWith("}");
}
