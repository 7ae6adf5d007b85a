import { type GrepRecord, longestShownLine } from "./grep-query.ts";

/** Turns the lines of files, one after the other, into what is shown: matches with their surroundings. */
export interface ContextLines {
  readonly startFile: (path: string) => void;
  /** The records of the next lines of the file; `hits` are the indexes of those that match, ascending. */
  readonly add: (lines: readonly string[], hits: readonly number[]) => readonly GrepRecord[];
}

/** Keeps `before` lines in memory. A gap stands between groups of lines wherever context was asked for. */
export function createContextLines(before: number, after: number): ContextLines {
  let path = "";
  let number = 0;
  let shownUntil = 0;
  let following = 0;
  let hasShown = false;
  let earlier: string[] = [];
  let records: GrepRecord[] = [];

  const show = (text: string, line: number, isMatch: boolean): void => {
    records.push({ type: "line", path, line, text: shownLine(text), isMatch });
    hasShown = true;
    shownUntil = line;
  };
  const showMatch = (text: string): void => {
    const first = number - earlier.length;
    const isApart = shownUntil === 0 || first > shownUntil + 1;
    if (before + after > 0 && hasShown && isApart) records.push({ type: "gap" });
    for (const [index, line] of earlier.entries()) show(line, first + index, false);
    show(text, number, true);
    earlier = [];
    following = after;
  };
  const pass = (text: string): void => {
    if (following > 0) {
      following -= 1;
      show(text, number, false);
    } else if (before > 0) {
      earlier.push(text);
      if (earlier.length > before) earlier.shift();
    }
  };
  return {
    startFile: (name) => {
      path = name;
      number = 0;
      shownUntil = 0;
      following = 0;
      earlier = [];
    },
    add: (lines, hits) => {
      records = [];
      let nextHit = 0;
      for (const [index, line] of lines.entries()) {
        number += 1;
        if (hits[nextHit] === index) {
          nextHit += 1;
          showMatch(line);
        } else pass(line);
      }
      return records;
    },
  };
}

/** As ripgrep writes it: a longer line is cut and says so. */
function shownLine(text: string): string {
  const line = text.replace(/\r$/, "");
  if (Buffer.byteLength(line) <= longestShownLine) return line;
  const start = [...line.slice(0, 2 * longestShownLine + 1)].slice(0, longestShownLine).join("");
  return `${start} [... omitted end of long line]`;
}
