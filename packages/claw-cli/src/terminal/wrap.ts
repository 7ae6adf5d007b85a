import stringWidth from "string-width";
import { graphemes } from "./graphemes.ts";
import type { Line } from "./line.ts";
import type { Style } from "./paint.ts";

/** Columns that a line takes; wide characters count two. */
export function lineWidth(line: Line): number {
  let width = 0;
  for (const cell of cells(line)) width += cell.width;
  return width;
}

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly styles: readonly Style[];
}

/**
 * Breaks text into lines of at most `width` columns: at blanks, between wide characters, and inside a word only
 * when it is longer than a line. Line breaks in the text are kept; a tab counts as two blanks.
 */
export function wrap(text: Line, width: number): readonly Line[] {
  const room = Math.max(1, width);
  const lines: Line[] = [];
  let line: Cell[] = [];
  let used = 0;
  for (const cell of cells(text)) {
    if (cell.text === "\n") {
      lines.push(toLine(line));
      line = [];
      used = 0;
      continue;
    }
    if (used + cell.width > room && cell.text !== " ") {
      const at = breakPoint(line, cell);
      lines.push(toLine(line.slice(0, at)));
      line = line.slice(at);
      used = line.reduce((sum, each) => sum + each.width, 0);
    }
    if (used === 0 && line.length === 0 && cell.text === " " && lines.length > 0) continue;
    line.push(cell);
    used += cell.width;
  }
  lines.push(toLine(line));
  return lines;
}

/** The same, with what goes on in another line standing below the text that its mark or blanks lead to. */
export function wrapHanging(text: Line, width: number): readonly Line[] {
  const lead =
    /^ *(?:[\u25cf\u25c6\u23bf\u2192] )?/.exec(text.map((each) => each.text).join(""))?.[0].length ?? 0;
  const [first, ...rest] = wrap(text, width);
  if (first === undefined || rest.length === 0) return [first ?? []];
  const broken = wrap(text, Math.max(10, width - lead));
  return broken.map((line, index) =>
    index === 0 ? line : [{ text: " ".repeat(lead), styles: [] }, ...line],
  );
}

function* cells(text: Line): Generator<Cell> {
  for (const { text: value, styles } of text) {
    for (const segment of graphemes(value.replaceAll("\t", "  "))) {
      const ascii = segment.length === 1 && segment >= " " && segment <= "~";
      yield { text: segment, width: ascii ? 1 : stringWidth(segment), styles };
    }
  }
}

function breakPoint(line: readonly Cell[], next: Cell): number {
  if (next.width > 1) return line.length;
  for (let index = line.length; index > 0; index--) {
    const before = line[index - 1];
    if (before !== undefined && (before.text === " " || before.width > 1)) return index;
  }
  return line.length;
}

/** Joins cells of the same style; blanks at the end of a line are not shown. */
function toLine(line: readonly Cell[]): Line {
  let end = line.length;
  while (end > 0 && line[end - 1]?.text === " ") end--;
  const spans: { text: string; styles: readonly Style[] }[] = [];
  for (const cell of line.slice(0, end)) {
    const last = spans.at(-1);
    if (last?.styles === cell.styles) last.text += cell.text;
    else spans.push({ text: cell.text, styles: cell.styles });
  }
  return spans;
}
