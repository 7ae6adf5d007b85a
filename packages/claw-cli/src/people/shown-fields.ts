import type { JsonValue } from "@claw/agent-sdk";
import { type Line, type Span, span } from "../terminal/line.ts";
import { visibleSpans } from "./visible-spans.ts";

/** One line: what it is, and its value, with what they hide made visible. */
export function labelled(label: string, text: string): Line {
  return [span("  "), ...visibleSpans(label, ["dim"]), span(" "), ...visibleSpans(text, ["cyan"])];
}

/** A program and its arguments, as they would be typed. */
export function commandBlock(argv: readonly string[]): readonly Line[] {
  return block(argv.map(quoted).join(" "));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** An input field by field: a text as it is, anything else as JSON. */
export function inputLines(input: JsonValue): readonly Line[] {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return block(JSON.stringify(input));
  return Object.entries(input).flatMap(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (!text.includes("\n") && text.length <= 100) return [[...labelled(name, ""), ...visibleSpans(text)]];
    return [labelled(name, ""), ...block(text)];
  });
}

/** A text in full, line by line, with what it hides made visible. */
export function block(text: string): readonly Line[] {
  const lines: Span[][] = [[]];
  for (const piece of visibleSpans(text, ["cyan"])) {
    const [first = "", ...rest] = piece.text.split("\n");
    lines.at(-1)?.push({ text: first, styles: piece.styles });
    for (const text of rest) lines.push([{ text, styles: piece.styles }]);
  }
  return lines.map((line) => [span("    "), ...line]);
}
