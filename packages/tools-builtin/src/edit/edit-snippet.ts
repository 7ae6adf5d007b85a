import { headOf } from "../files/head-of.ts";
import { numberedLines } from "../files/numbered-lines.ts";

const linesAround = 4;
/** Of a longer new text only the beginning and the end are shown. */
const mostNewLines = 24;
const longestLine = 500;

/** The numbered lines around a change that begins at the 1-based `line` of `text` and is `count` lines long. */
export function editSnippet(text: string, line: number, count: number): string {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  const first = Math.max(1, line - linesAround);
  const last = Math.min(lines.length, line + count - 1 + linesAround);
  const part = (from: number, to: number): string => {
    const shown = lines.slice(from - 1, to).map((each) => headOf(each, longestLine));
    return numberedLines(shown, from);
  };
  if (count <= mostNewLines) return part(first, last);
  const headEnd = line + mostNewLines / 2 - 1;
  const tailStart = line + count - mostNewLines / 2;
  return `${part(first, headEnd)}\n   ...\n${part(tailStart, last)}`;
}
