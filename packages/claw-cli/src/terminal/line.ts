import type { Paint, Style } from "./paint.ts";

/** A run of text in one style. */
export interface Span {
  readonly text: string;
  readonly styles: readonly Style[];
}

/** What one line of a terminal shows. */
export type Line = readonly Span[];

export function span(text: string, ...styles: readonly Style[]): Span {
  return { text, styles };
}

export function paintLine(line: Line, paint: Paint): string {
  return line.map((each) => (each.styles.length === 0 ? each.text : paint(each.styles, each.text))).join("");
}
