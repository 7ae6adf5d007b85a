import { literal, type RegexPosition, take, takeCharacter } from "./regex-position.ts";

/** What an escape sequence means. */
export type RegexEscape =
  | { readonly type: "character"; readonly character: string }
  /** JavaScript source that stands for a set of characters, inside and outside of brackets. */
  | { readonly type: "set"; readonly source: string }
  /** JavaScript source that matches a place between characters. */
  | { readonly type: "place"; readonly source: string };

const wordMembers = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";

const sets: ReadonlyMap<string, string> = new Map([
  ["d", "\\p{Nd}"],
  ["D", "\\P{Nd}"],
  ["s", "\\p{White_Space}"],
  ["S", "\\P{White_Space}"],
  ["w", `[${wordMembers}]`],
  ["W", `[^${wordMembers}]`],
]);

const afterWord = `(?<=[${wordMembers}])`;
const notAfterWord = `(?<![${wordMembers}])`;
const beforeWord = `(?=[${wordMembers}])`;
const notBeforeWord = `(?![${wordMembers}])`;
const wordStart = notAfterWord + beforeWord;
const wordEnd = afterWord + notBeforeWord;

const places: ReadonlyMap<string, string> = new Map([
  ["b", `(?:${wordStart}|${wordEnd})`],
  ["B", `(?:${afterWord}${beforeWord}|${notAfterWord}${notBeforeWord})`],
  ["<", wordStart],
  [">", wordEnd],
  ["A", "(?<![^])"],
  ["z", "(?![^])"],
  ["b{start}", wordStart],
  ["b{end}", wordEnd],
  ["b{start-half}", notAfterWord],
  ["b{end-half}", notBeforeWord],
]);

const controls: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["f", "\f"],
  ["v", "\v"],
  ["a", "\x07"],
]);

/** Reads the escape sequence whose backslash was just taken. Throws a `SyntaxError` for one that ripgrep refuses. */
export function regexEscape(position: RegexPosition): RegexEscape {
  const code = take(
    position,
    /[xuU]\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})/y,
  );
  if (code !== undefined) return codePoint(code.slice(1).find((digits) => digits !== undefined) ?? "");
  const property = take(position, /([pP])(?:\{(\^?)([^}]*)\}|(\p{L}))/uy);
  if (property !== undefined) {
    const [, letter, caret, braced, single] = property;
    const negated = (letter === "P") !== (caret === "^");
    return { type: "set", source: `\\${negated ? "P" : "p"}{${propertyName(braced ?? single ?? "")}}` };
  }
  const place = take(position, /b\{(?:start|end)(?:-half)?\}|[bB<>Az]/y)?.[0];
  if (place !== undefined) return { type: "place", source: places.get(place) ?? "" };
  return simpleEscape(takeCharacter(position));
}

function simpleEscape(character: string): RegexEscape {
  const set = sets.get(character);
  if (set !== undefined) return { type: "set", source: set };
  const control = controls.get(character);
  if (control !== undefined) return { type: "character", character: control };
  if (/[0-9]/.test(character)) throw new SyntaxError("backreferences are not supported");
  if (character === "")
    throw new SyntaxError("incomplete escape sequence, reached end of pattern prematurely");
  if (/[A-Za-z]|[^\0-\x7f]/.test(character))
    throw new SyntaxError(`unrecognized escape sequence \\${character}`);
  return { type: "character", character };
}

function codePoint(digits: string): RegexEscape {
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new SyntaxError("invalid code point");
  return { type: "character", character: String.fromCodePoint(code) };
}

/** JavaScript wants `Script=Greek` where Rust takes `Greek`. */
function propertyName(name: string): string {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  const candidates = [name, capital, `Script=${capital}`];
  const known = candidates.find((candidate) => compiles(`\\p{${candidate}}`));
  if (known === undefined) throw new SyntaxError(`Unicode property not found: ${literalName(name)}`);
  return known;
}

function literalName(name: string): string {
  return [...name.slice(0, 40)]
    .map((character) => (character === "\n" ? literal(character) : character))
    .join("");
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source, "v") instanceof RegExp;
  } catch {
    return false;
  }
}
