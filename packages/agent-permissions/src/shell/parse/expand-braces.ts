import type { WordPart } from "unbash";

/**
 * The words that the braces in a word make, as their parts, in the order of bash; `undefined` where that is not
 * plain: quoted braces, letters or padded numbers as a range, too many words.
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
/** Of braces in braces, which are gone through once for each depth. */
const mostLetters = 2000;

function choicesOf({ text, pos, end }: WordPart): readonly WordPart[] | undefined {
  return textsOf(text)?.map((value) => ({ type: "Literal", value, text: value, pos, end }));
}

function textsOf(brace: string): readonly string[] | undefined {
  if (/^\{[\w./@%+:-]*(,[\w./@%+:-]*)+\}$/.test(brace)) return brace.slice(1, -1).split(",");
  if (brace.length > mostLetters) return undefined;
  if (/^\{[\w./@%+:,{}-]*\}$/.test(brace) && brace.lastIndexOf("{") > 0) return nested(brace.slice(1, -1));
  const range = /^\{(0|-?[1-9]\d{0,5})\.\.(0|-?[1-9]\d{0,5})\}$/.exec(brace);
  if (range === null) return undefined;
  const [from, to] = [Number(range[1]), Number(range[2])];
  const length = Math.abs(to - from) + 1;
  if (length > mostWords) return undefined;
  return Array.from({ length }, (_, i) => String(from + (to < from ? -i : i)));
}

/** Each choice may have braces of its own. */
function nested(list: string): readonly string[] | undefined {
  const choices = choicesIn(list);
  if (choices === undefined || choices.length < 2) return undefined;
  const found: string[] = [];
  for (const choice of choices) {
    let texts: readonly string[] = [""];
    for (const piece of choice) {
      const values = piece.startsWith("{") ? textsOf(piece) : [piece];
      if (values === undefined) return undefined;
      texts = texts.flatMap((text) => values.map((value) => text + value));
      if (texts.length > mostWords) return undefined;
    }
    found.push(...texts);
  }
  return found.length > mostWords ? undefined : found;
}

/** The choices of a list, each as its texts and its braces. */
function choicesIn(list: string): readonly (readonly string[])[] | undefined {
  const choices: string[][] = [[""]];
  let depth = 0;
  for (const letter of list) {
    if (letter === "}") depth -= 1;
    if (depth < 0) return undefined;
    const last = choices.at(-1) ?? [];
    if (letter === "," && depth === 0) choices.push([""]);
    else if (letter === "{" && depth === 0) last.push(letter);
    else last.push(`${last.pop() ?? ""}${letter}`);
    if (letter === "}" && depth === 0) last.push("");
    if (letter === "{") depth += 1;
  }
  return depth === 0 ? choices : undefined;
}
