import type { WordPart } from "unbash";

/**
 * The words that the braces in a word make, as their parts, in the order of bash; `undefined` where that is not
 * plain: nested or quoted braces, letters or padded numbers as a range, too many words.
 */
export function expandBraces(parts: readonly WordPart[]): readonly (readonly WordPart[])[] | undefined {
  let words: readonly (readonly WordPart[])[] = [[]];
  for (const part of parts) {
    const choices = part.type === "BraceExpansion" ? choicesOf(part) : [part];
    if (choices === undefined) return undefined;
    words = words.flatMap((word) => choices.map((choice) => [...word, choice]));
    if (words.length > mostWords) return undefined;
  }
  return words;
}

const mostWords = 100;

function choicesOf({ text, pos, end }: WordPart): readonly WordPart[] | undefined {
  return textsOf(text)?.map((value) => ({ type: "Literal", value, text: value, pos, end }));
}

function textsOf(brace: string): readonly string[] | undefined {
  if (/^\{[\w./@%+:-]*(,[\w./@%+:-]*)+\}$/.test(brace)) return brace.slice(1, -1).split(",");
  const range = /^\{(0|-?[1-9]\d{0,5})\.\.(0|-?[1-9]\d{0,5})\}$/.exec(brace);
  if (range === null) return undefined;
  const [from, to] = [Number(range[1]), Number(range[2])];
  const length = Math.abs(to - from) + 1;
  if (length > mostWords) return undefined;
  return Array.from({ length }, (_, i) => String(from + (to < from ? -i : i)));
}
