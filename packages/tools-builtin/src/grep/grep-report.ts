import { join } from "node:path";
import { shownPath } from "../search/shown-path.ts";
import type { GrepPage } from "./grep-page.ts";
import type { GrepMode, GrepQuery, GrepRecord } from "./grep-query.ts";

export interface ReportOptions {
  readonly cwd: string;
  /** Records before the page. */
  readonly offset: number;
  /** Line numbers in `content`. */
  readonly numbers: boolean;
}

/** What the model reads: the lines that `rg` would print, then in brackets what it should know about them. */
export function grepReport(page: GrepPage, query: GrepQuery, options: ReportOptions): string {
  const shown = (path: string) => shownPath(join(query.folder, path), options.cwd);
  const lines = page.records.map((record) => recordLine(record, shown, options.numbers));
  const notes = page.end?.type === "done" ? page.end.notes : [];
  return [
    ...lines,
    ...(page.taken === 0 ? [nothingFound(query, shown("."), options.offset)] : []),
    ...(page.end === undefined ? [moreNote(query.mode, page.taken, options.offset)] : []),
    ...notes.map((note) => `(${note})`),
  ].join("\n");
}

function recordLine(record: GrepRecord, shown: (path: string) => string, numbers: boolean): string {
  if (record.type === "gap") return "--";
  const path = shown(record.path);
  if (record.type === "file") return path;
  if (record.type === "count") return `${path}:${record.count}`;
  const mark = record.isMatch ? ":" : "-";
  return `${path}${mark}${numbers ? `${record.line}${mark}` : ""}${record.text}`;
}

function nothingFound(query: GrepQuery, folder: string, offset: number): string {
  if (offset > 0) return `No results after the first ${offset}.`;
  if (query.file !== undefined) return "No matches.";
  return `No matches in ${folder} (ignored, hidden and binary files not searched).`;
}

const units: Readonly<Record<GrepMode, string>> = {
  content: "lines",
  files_with_matches: "files",
  count: "files",
};

function moreNote(mode: GrepMode, taken: number, offset: number): string {
  return `(there are more than these ${taken} ${units[mode]}: go on with offset ${offset + taken}, or narrow the search)`;
}
