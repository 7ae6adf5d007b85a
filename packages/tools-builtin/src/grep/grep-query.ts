/** One search, whoever carries it out. */
export interface GrepQuery {
  /** A regular expression in ripgrep's syntax. */
  readonly pattern: string;
  /** Absolute: the folder that globs and results count from. */
  readonly folder: string;
  /** A file in `folder` to search alone; absent: everything in it. */
  readonly file?: string;
  readonly glob?: string;
  readonly type?: string;
  readonly mode: GrepMode;
  readonly ignoreCase: boolean;
  /** Matches may span lines, and `.` matches a line's end. */
  readonly multiline: boolean;
  /** Lines shown before and after each match; for mode `content`. */
  readonly before: number;
  readonly after: number;
}

export type GrepMode = "content" | "files_with_matches" | "count";

/** What a search finds, in the order of paths and lines. Paths are relative to the query's folder. */
export type GrepRecord =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "count"; readonly path: string; readonly count: number }
  | {
      readonly type: "line";
      readonly path: string;
      /** 1-based. */
      readonly line: number;
      readonly text: string;
      readonly isMatch: boolean;
    }
  /** Lines were left out between two lines of context. */
  | { readonly type: "gap" };

export type GrepEnd =
  /** `notes`: what could not be searched, in words for the model. */
  | { readonly type: "done"; readonly notes: readonly string[] }
  /** The query is at fault, such as a pattern that is not a regular expression. */
  | { readonly type: "invalid"; readonly message: string }
  | { readonly type: "timed-out"; readonly message: string }
  /** This way of searching is not to be had here; another one may be. */
  | { readonly type: "unavailable" };

/** A way to search. Leaving the iteration stops the work. Rejects when `signal` fires. */
export type GrepSearch = (query: GrepQuery, signal: AbortSignal) => AsyncGenerator<GrepRecord, GrepEnd>;

/** Characters of a line that are shown; the rest of a longer one is left out and said so. */
export const longestShownLine: number = 500;
