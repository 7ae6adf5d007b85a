import { type Line, paintLine } from "../../src/terminal/line.ts";
import { plainPaint } from "../../src/terminal/paint.ts";

/** Lines as plain text. */
export function show(lines: readonly Line[]): string {
  return lines.map((line) => paintLine(line, plainPaint).trimEnd()).join("\n");
}
