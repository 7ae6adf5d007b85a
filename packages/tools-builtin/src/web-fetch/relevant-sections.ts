/** The part of a long text that fits a question best. */
export interface RelevantText {
  readonly text: string;
  /** Sections of the whole text, and those shown. */
  readonly sections: number;
  readonly shown: number;
}

const longestSection = 4000;

/**
 * Picks the sections of a Markdown text that share most words with `question`, up to about `limit` characters, and
 * gives them in their own order, with `[…]` where some were left out. By words alone: no model is asked.
 */
export function relevantSections(text: string, question: string, limit: number): RelevantText {
  const sections = sectionsOf(text);
  const ranked = rank(sections, wordsOf(question));
  const chosen = new Set<number>();
  let length = 0;
  for (const index of ranked) {
    const size = sections[index]?.length ?? 0;
    if (length + size > limit && chosen.size > 0) continue;
    chosen.add(index);
    length += size;
  }
  const pieces: string[] = [];
  let last = -1;
  for (const index of [...chosen].sort((one, other) => one - other)) {
    if (index !== last + 1) pieces.push("[…]");
    pieces.push((sections[index] ?? "").slice(0, limit).trim());
    last = index;
  }
  if (last !== sections.length - 1) pieces.push("[…]");
  return { text: pieces.join("\n\n"), sections: sections.length, shown: chosen.size };
}

/** Cut before headings and, where that leaves more than 4,000 characters, before paragraphs, lines or anywhere. */
function sectionsOf(text: string): readonly string[] {
  const sections: string[] = [];
  let current = "";
  let fence: string | undefined;
  const flush = (): void => {
    if (current.trim() !== "") sections.push(current);
    current = "";
  };
  for (const line of text.split("\n")) {
    const mark = /^\s*(`{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.length >= fence.length) fence = undefined;
    }
    const isHeading = fence === undefined && /^#{1,6} /.test(line);
    const isFull = current.length + line.length > longestSection;
    if (isHeading || isFull || (line === "" && current.length > longestSection / 2)) flush();
    for (let from = 0; from < line.length; from += longestSection) {
      if (from > 0) flush();
      current += line.slice(from, from + longestSection);
    }
    current += "\n";
  }
  flush();
  return sections;
}

/** Indexes of the sections, best first. A rare word says more than one that is everywhere; a heading's counts thrice. */
function rank(sections: readonly string[], words: ReadonlySet<string>): readonly number[] {
  const found = sections.map((section) => {
    const heading = wordsOf(/^#{1,6} .*/.exec(section)?.[0] ?? "");
    const body = wordsOf(section);
    return [...words].map((word) => (body.has(word) ? 1 : 0) + (heading.has(word) ? 2 : 0));
  });
  const weights = [...words].map((_, column) => {
    const holding = found.filter((counts) => (counts[column] ?? 0) > 0).length;
    return Math.log(1 + sections.length / (1 + holding));
  });
  const scores = found.map((counts, index) => {
    const score = counts.reduce((sum, count, column) => sum + count * (weights[column] ?? 0), 0);
    // The start of a page says what it is about.
    return score + (index === 0 ? 0.5 : 0);
  });
  return sections
    .map((_, index) => index)
    .sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || one - other);
}

const common: ReadonlySet<string> = new Set(
  (
    "the and for are was were what which who how why when where does did this that these those with from into about " +
    "page tell give show find list please can you your its all any has have not but use used using each every than " +
    "then there their they them will would should could extract summarize describe explain information"
  ).split(" "),
);

/** Words of three letters or more, and every single letter of scripts that do not put blanks between words. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .toLowerCase()
    .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}_]{3,60}/gu);
  const told = (words ?? [])
    .filter((word) => !common.has(word))
    .map((word) => word.replace(/(?<=...)s$/, ""));
  return new Set(told);
}
