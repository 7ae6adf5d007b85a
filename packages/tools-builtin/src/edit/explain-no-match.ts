import { headOf } from "../files/head-of.ts";
import { numberedLines } from "../files/numbered-lines.ts";
import { similarityTo } from "../files/similarity.ts";

/** A longer text is not searched for what is like `old`. */
const mostSearched = 2_000_000;
const mostShownLines = 20;

/**
 * Why `old` is not in the text (both with LF endings): differs only in white space, in typographic characters, in line
 * numbers copied from Read; else the place that is most like it, if any is.
 */
export function explainNoMatch(text: string, old: string): string {
  const start = "old_string was not found.";
  if (text.length > mostSearched) return `${start} It must be exactly as in the file.`;
  const lines = text.split("\n");
  const wanted = withoutOuterEmptyLines(old.split("\n"));
  const numberless = wanted.map((line) => line.replace(/^ *\d+\t/, ""));
  if (wanted.every((line) => /^ *\d+\t/.test(line)) && text.includes(numberless.join("\n"))) {
    return `${start} It contains the line numbers that Read shows; leave them and the tab after them out.`;
  }
  for (const { differs, same } of looseForms) {
    const at = findLines(lines, wanted, same);
    if (at === undefined) continue;
    return `${start} It differs only in ${differs} from:\n${shown(lines, at, wanted.length)}`;
  }
  const near = nearestLine(lines, wanted);
  if (near === undefined) return `${start} Nothing in the file is like it. Read the file again.`;
  return `${start} The place most like it is:\n${shown(lines, near, wanted.length)}`;
}

const looseForms: readonly { readonly differs: string; readonly same: (line: string) => string }[] = [
  { differs: "white space (mind tabs and spaces)", same: withoutWhiteSpace },
  {
    differs: "typographic characters (quotes, dashes, spaces)",
    same: (line) => withoutWhiteSpace(plainTypography(line)),
  },
  { differs: "upper and lower case", same: (line) => line.toLowerCase() },
];

function withoutWhiteSpace(line: string): string {
  return line.replaceAll(/\s+/g, "");
}

function plainTypography(line: string): string {
  return line
    .normalize("NFKC")
    .replaceAll(/[\u2018\u2019\u201a\u2032]/g, "'")
    .replaceAll(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-");
}

function withoutOuterEmptyLines(lines: readonly string[]): readonly string[] {
  const isFull = (line: string): boolean => line.trim() !== "";
  const first = lines.findIndex(isFull);
  return first === -1 ? lines : lines.slice(first, lines.findLastIndex(isFull) + 1);
}

/** The index of the line where `wanted` begins when each line is reduced to what `same` makes of it. */
function findLines(
  lines: readonly string[],
  wanted: readonly string[],
  same: (line: string) => string,
): number | undefined {
  // As one text, so that a part of a line counts too; the ends of the reduced lines tell where it begins.
  const reduced = lines.map(same);
  const needle = wanted.map(same).join("\n");
  if (needle.replaceAll("\n", "") === "") return undefined;
  const at = reduced.join("\n").indexOf(needle);
  if (at === -1) return undefined;
  let end = 0;
  return reduced.findIndex((line) => {
    end += line.length + 1;
    return at < end;
  });
}

/** The line that the longest wanted line is most like, moved to where the wanted text would begin. */
function nearestLine(lines: readonly string[], wanted: readonly string[]): number | undefined {
  const trimmed = wanted.map((line) => line.trim().slice(0, 500));
  const longest = trimmed.reduce(
    (best, line, index) => (line.length > (trimmed[best]?.length ?? 0) ? index : best),
    0,
  );
  const target = trimmed[longest] ?? "";
  if (target === "") return undefined;
  const similarity = similarityTo(target);
  let best: { readonly index: number; readonly score: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const score = similarity(line.trim().slice(0, 500));
    if (score >= 0.6 && score > (best?.score ?? 0)) best = { index, score };
  }
  return best === undefined ? undefined : Math.max(0, best.index - longest);
}

function shown(lines: readonly string[], at: number, count: number): string {
  const part = lines.slice(at, at + Math.min(count, mostShownLines)).map((line) => headOf(line, 300));
  return numberedLines(part, at + 1);
}
