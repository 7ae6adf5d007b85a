import type { GrepMode, GrepRecord } from "./grep-query.ts";

/** Reads what ripgrep prints with `--null`, in pieces of any size. */
export interface RipgrepParser {
  readonly push: (bytes: Uint8Array) => Generator<GrepRecord>;
  /** The records that the end of the output completes. */
  readonly end: () => Generator<GrepRecord>;
  /** What ripgrep said in between about files it gave up on. */
  readonly notes: () => readonly string[];
}

/**
 * A path ends at a NUL, so that colons and line breaks in names do no harm. Memory is bounded by one record, and
 * `--max-columns` bounds that.
 */
export function createRipgrepParser(mode: GrepMode): RipgrepParser {
  const decoder = new TextDecoder();
  const notes: string[] = [];
  const next = mode === "files_with_matches" ? nextFile : mode === "count" ? nextCount : nextLine;
  let rest = "";
  function* drain(): Generator<GrepRecord> {
    let from = 0;
    for (let found = next(rest, from); found !== undefined; found = next(rest, from)) {
      from = found.end;
      if (found.note !== undefined) notes.push(found.note);
      if (found.record !== undefined) yield found.record;
    }
    rest = rest.slice(from);
  }
  return {
    push: function* (bytes) {
      rest += decoder.decode(bytes, { stream: true });
      yield* drain();
    },
    end: function* () {
      rest += decoder.decode();
      if (mode !== "files_with_matches" && rest !== "" && !rest.endsWith("\n")) rest += "\n";
      yield* drain();
    },
    notes: () => notes,
  };
}

interface Found {
  readonly record?: GrepRecord;
  readonly note?: string;
  readonly end: number;
}

function nextFile(text: string, from: number): Found | undefined {
  const end = text.indexOf("\0", from);
  return end === -1
    ? undefined
    : { record: { type: "file", path: bare(text.slice(from, end)) }, end: end + 1 };
}

function nextCount(text: string, from: number): Found | undefined {
  const pathEnd = text.indexOf("\0", from);
  const end = text.indexOf("\n", pathEnd);
  if (pathEnd === -1 || end === -1) return undefined;
  const count = Number(text.slice(pathEnd + 1, end));
  return { record: { type: "count", path: bare(text.slice(from, pathEnd)), count }, end: end + 1 };
}

const binary =
  /(?:WARNING: stopped searching binary file after match|binary file matches) \(found [^\n]*\)\n/y;

function nextLine(text: string, from: number): Found | undefined {
  if (text.startsWith("--\n", from)) return { record: { type: "gap" }, end: from + 3 };
  const pathEnd = text.indexOf("\0", from);
  const note = binaryNote(text, from, pathEnd === -1 ? text.length : pathEnd);
  if (note !== undefined) return note;
  const end = text.indexOf("\n", pathEnd);
  if (pathEnd === -1 || end === -1) return undefined;
  const [, line = "", separator, content = ""] =
    /^(\d+)([:-])(.*)$/s.exec(text.slice(pathEnd + 1, end)) ?? [];
  return {
    record: {
      type: "line",
      path: bare(text.slice(from, pathEnd)),
      line: Number(line),
      text: content.replace(/\r$/, ""),
      isMatch: separator === ":",
    },
    end: end + 1,
  };
}

/** The one kind of line without a NUL: a file turned out to be binary. */
function binaryNote(text: string, from: number, before: number): Found | undefined {
  for (let at = text.indexOf(": ", from); at !== -1 && at < before; at = text.indexOf(": ", at + 1)) {
    binary.lastIndex = at + 2;
    const found = binary.exec(text);
    if (found !== null) {
      const end = binary.lastIndex;
      return { note: `${bare(text.slice(from, at))} is binary; matches in it are not shown`, end };
    }
  }
  return undefined;
}

function bare(path: string): string {
  return path.replace(/^\.[\\/]/, "");
}
