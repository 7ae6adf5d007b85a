/** Which lines of a text are wanted. */
export interface PageRequest {
  /** 1-based. */
  readonly offset: number;
  readonly limit: number;
  /** Characters (code points) of a line that are shown. */
  readonly longestLine: number;
  /** The page ends before the line that would take it beyond this many bytes of UTF-8, line numbers counted. */
  readonly mostBytes: number;
}

export interface Page {
  readonly lines: readonly string[];
  /** Whether there is text after the page. */
  readonly more: boolean;
  /** Lines of the text as far as it was read: of all of it when `more` is false. */
  readonly linesRead: number;
}

/** Takes a text piece by piece and keeps one page of it, in memory bounded by the page. */
export interface Pager {
  /** Returns false once nothing further can change the page. */
  readonly push: (piece: string) => boolean;
  /** To be called once, after the last piece. */
  readonly end: () => Page;
}

/** A line ends at LF, CR LF or a lone CR. */
export function createPager(request: PageRequest): Pager {
  const lines: string[] = [];
  const line = openLine(request.longestLine);
  let bytes = 0;
  let linesRead = 0;
  let afterReturn = false;
  let more = false;

  const finishLine = (): void => {
    linesRead += 1;
    const shown = line.take();
    if (linesRead < request.offset) return;
    bytes += Buffer.byteLength(shown) + bytesOfNumber;
    if (lines.length > 0 && bytes > request.mostBytes) more = true;
    else lines.push(shown);
  };

  const push = (piece: string): boolean => {
    let from = afterReturn && piece.startsWith("\n") ? 1 : 0;
    if (piece !== "") afterReturn = false;
    const nextBreak = breaksIn(piece);
    while (from < piece.length && !more) {
      if (lines.length >= request.limit) {
        more = true;
        break;
      }
      const at = nextBreak(from);
      if (linesRead + 1 >= request.offset) line.add(piece.slice(from, at));
      else line.skip();
      if (at === piece.length && line.length() < longestScan) break;
      finishLine();
      more ||= at === piece.length;
      from = at + 1;
      if (piece[at] !== "\r") continue;
      if (from === piece.length) afterReturn = true;
      else if (piece[from] === "\n") from += 1;
    }
    return !more;
  };

  const end = (): Page => {
    if (!more && line.isStarted()) finishLine();
    return { lines, more, linesRead };
  };
  return { push, end };
}

/** Of a line on the page, the end is not looked for beyond this many UTF-16 units: the page then ends with its start. */
const longestScan = 10_000_000;

/** The number, the tab and the line ending that a line is shown with. */
export const bytesOfNumber = 8;

/** Where the next line ends, from a place on; most texts have no carriage return, and are looked through faster. */
function breaksIn(piece: string): (from: number) => number {
  if (piece.includes("\r")) {
    const pattern = /[\r\n]/g;
    return (from) => {
      pattern.lastIndex = from;
      return pattern.exec(piece)?.index ?? piece.length;
    };
  }
  return (from) => {
    const at = piece.indexOf("\n", from);
    return at === -1 ? piece.length : at;
  };
}

/** The line that is being read, one after the other. */
interface OpenLine {
  readonly add: (piece: string) => void;
  readonly skip: () => void;
  readonly isStarted: () => boolean;
  /** UTF-16 units added so far. */
  readonly length: () => number;
  /** Its text; what is added next is the next line's. */
  readonly take: () => string;
}

function openLine(longest: number): OpenLine {
  // No more is kept than surely fills the line: a code point has at most two units.
  const mostUnits = 2 * longest + 1;
  let kept = "";
  let length = 0;
  let isStarted = false;
  return {
    add: (piece) => {
      isStarted ||= piece !== "";
      length += piece.length;
      if (kept.length < mostUnits) kept += piece.slice(0, mostUnits - kept.length);
    },
    skip: () => {
      isStarted = true;
    },
    isStarted: () => isStarted,
    length: () => length,
    take: () => {
      const text = showable(kept, longest);
      kept = "";
      length = 0;
      isStarted = false;
      return text;
    },
  };
}

function showable(line: string, longest: number): string {
  const clean = line.includes("\0") ? line.replaceAll("\0", "\u2400") : line;
  if (clean.length <= longest) return clean;
  const points = [...clean];
  if (points.length <= longest) return clean;
  return `${points.slice(0, longest).join("")}… [line cut after ${longest} characters]`;
}
