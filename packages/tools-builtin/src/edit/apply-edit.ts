import { lineView } from "../files/line-view.ts";

/** One replacement, with line endings of any kind: they match and become whatever the text has. */
export interface TextEdit {
  readonly old: string;
  readonly new: string;
  /** Every place, not only the one. */
  readonly all: boolean;
}

export type EditResult =
  | {
      readonly type: "applied";
      readonly text: string;
      /** 1-based lines where a replaced place began, ascending. */
      readonly lines: readonly number[];
    }
  | { readonly type: "no-match" }
  /** More places than the one that was meant; `lines` says where they begin. */
  | { readonly type: "ambiguous"; readonly lines: readonly number[] };

/**
 * Replaces `old`, which must not be empty, by `new`. Line endings count as equal when matching. Of each place only
 * what differs between `old` and `new` is replaced; everything else, line endings included, stays as it is. A new
 * line ending is the one it takes the place of, else the one used around it.
 */
export function applyEdit(original: string, edit: TextEdit): EditResult {
  const view = lineView(original);
  const from = lineView(wellFormed(edit.old)).text;
  const to = lineView(wellFormed(edit.new)).text;
  const places = findPlaces(view.text, from, edit.all);
  if (places.length === 0) return { type: "no-match" };
  const lines = lineNumbers(view.text, places);
  if (places.length > 1 && !edit.all) return { type: "ambiguous", lines };
  const { prefix, suffix } = commonEnds(from, to);
  const middle = to.slice(prefix, to.length - suffix);
  const output = createJoiner();
  let copied = 0;
  for (const place of places) {
    const start = view.origin(place + prefix);
    const end = view.origin(place + from.length - suffix);
    output.add(original.slice(copied, start));
    const pieces = withEndings(middle, original.slice(start, end), view.endingNear(start));
    for (const piece of pieces) output.add(piece);
    copied = end;
  }
  output.add(original.slice(copied));
  return { type: "applied", text: output.text(), lines };
}

/** A lone surrogate is no character: it could only match half of one. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "\ufffd");
}

/** Where `wanted` begins: places that do not overlap for `all`, else every place, since any of them may be meant. */
function findPlaces(text: string, wanted: string, all: boolean): readonly number[] {
  const places: number[] = [];
  const step = all ? wanted.length : 1;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + step)) places.push(at);
  return places;
}

/** 1-based lines of ascending places. */
function lineNumbers(text: string, places: readonly number[]): readonly number[] {
  let line = 1;
  let at = text.indexOf("\n");
  return places.map((place) => {
    while (at !== -1 && at < place) {
      line += 1;
      at = text.indexOf("\n", at + 1);
    }
    return line;
  });
}

/** How many characters two texts share at their beginning and, beyond that, at their end. */
function commonEnds(left: string, right: string): { readonly prefix: number; readonly suffix: number } {
  const shorter = Math.min(left.length, right.length);
  let prefix = 0;
  while (prefix < shorter && left[prefix] === right[prefix]) prefix += 1;
  let suffix = 0;
  while (suffix < shorter - prefix && left[left.length - 1 - suffix] === right[right.length - 1 - suffix])
    suffix += 1;
  return { prefix, suffix };
}

/** `text` in pieces, its n-th line ending as the n-th of what it replaces, the others as those around. */
function withEndings(text: string, replaced: string, around: string): readonly string[] {
  const endings = replaced.match(/\r\n|\r|\n/g) ?? [];
  const [first = "", ...others] = text.split("\n");
  return [first, ...others.flatMap((line, index) => [endings[index] ?? around, line])];
}

/** Joins pieces so that a lone CR and an LF that come to meet stay two line endings. */
function createJoiner(): { readonly add: (piece: string) => void; readonly text: () => string } {
  const pieces: string[] = [];
  let endsInReturn = false;
  return {
    add: (piece) => {
      if (piece === "") return;
      pieces.push(endsInReturn && piece.startsWith("\n") ? `\n${piece}` : piece);
      endsInReturn = piece.endsWith("\r");
    },
    text: () => pieces.join(""),
  };
}
