/** Builds Markdown from blocks and inline pieces as they come. */
export interface MarkdownWriter {
  /** Text of a page: runs of white space become one blank, none at the start of a line. */
  readonly text: (value: string) => void;
  /** Text as it is, on the current line. */
  readonly verbatim: (value: string) => void;
  /** Lines as they are, blank ones included. */
  readonly lines: (values: readonly string[]) => void;
  /** Opens emphasis, a link and so on; it is written with the text that follows. */
  readonly open: (mark: string) => void;
  /** Closes what was opened last. When no text came in between, neither leaves a trace. */
  readonly close: (mark: string) => void;
  /** The next text starts a new line, or with 2 a new paragraph. */
  readonly lineBreak: (lines: 1 | 2) => void;
  /** Each new line starts with `prefix` until `leave`, the first of them with `first`. */
  readonly enter: (prefix: string, first?: string) => void;
  readonly leave: () => void;
  /** Nothing more is taken. */
  readonly isFull: () => boolean;
  readonly result: () => string;
}

interface Prefix {
  readonly prefix: string;
  /** Still to be written once. */
  first: string | undefined;
}

/** Prefixes nested deeper are not repeated on each line: a hostile page could square its size with them. */
const deepestPrefix = 12;

/** Takes about `limit` characters. */
export function createMarkdownWriter(limit: number): MarkdownWriter {
  const pieces: string[] = [];
  const prefixes: Prefix[] = [];
  let length = 0;
  let breaks: 0 | 1 | 2 = 1;
  let blank = false;
  let opened: string[] = [];

  const push = (value: string): void => {
    if (length > limit) return;
    pieces.push(value);
    length += value.length;
  };
  const startText = (): void => {
    if (breaks > 0) {
      if (length > 0) push(breaks === 2 ? `\n${linePrefix(prefixes, false).trimEnd()}\n` : "\n");
      push(linePrefix(prefixes, true));
    } else if (blank) push(" ");
    breaks = 0;
    blank = false;
    for (const mark of opened) push(mark);
    opened = [];
  };
  const verbatim = (value: string): void => {
    if (value === "") return;
    startText();
    push(value);
  };
  const lineBreak = (lines: 1 | 2): void => {
    if (lines > breaks) breaks = lines;
    blank = false;
  };
  return {
    text: (value) => {
      const words = value.replace(/[ \t\n\r\f]+/g, " ");
      if (words.startsWith(" ")) blank = true;
      verbatim(words.trim());
      if (words.length > 1 && words.endsWith(" ")) blank = true;
    },
    verbatim,
    lines: (values) => {
      for (const value of values) {
        startText();
        push(value);
        breaks = 1;
      }
    },
    open: (mark) => {
      opened.push(mark);
    },
    close: (mark) => {
      if (opened.length > 0) opened.pop();
      else push(mark);
    },
    lineBreak,
    enter: (prefix, first) => {
      prefixes.push({ prefix, first });
    },
    leave: () => {
      prefixes.pop();
    },
    isFull: () => length > limit,
    result: () => pieces.join("").trim(),
  };
}

/** With `takesFirst`, the marks of list items are written and gone. */
function linePrefix(prefixes: readonly Prefix[], takesFirst: boolean): string {
  let line = "";
  for (const entry of prefixes.slice(0, deepestPrefix)) {
    line += takesFirst ? (entry.first ?? entry.prefix) : entry.prefix;
    if (takesFirst) entry.first = undefined;
  }
  return line;
}
