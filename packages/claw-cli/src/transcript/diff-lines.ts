import { type Line, span } from "../terminal/line.ts";
import { printable } from "../terminal/printable.ts";

/** The changed lines of a unified diff with their places, at most `limit` lines of it. */
export function diffLines(diff: string, limit: number): readonly Line[] {
  const body = printable(diff)
    .split("\n")
    .filter((line) => !/^(---|\+\+\+|Index:|=====|\\ No newline)/.test(line));
  while (body.at(-1) === "") body.pop();
  const shown = body.slice(0, limit).map(diffLine);
  const more = body.length - shown.length;
  return more > 0 ? [...shown, [span(`… ${more} more lines`, "dim")]] : shown;
}

function diffLine(line: string): Line {
  if (line.startsWith("@@")) return [span(line, "cyan")];
  if (line.startsWith("+")) return [span(line, "green")];
  if (line.startsWith("-")) return [span(line, "red")];
  return [span(line, "dim")];
}
