import { regexEscape } from "./regex-escape.ts";
import { literal, type RegexPosition, take, takeCharacter } from "./regex-position.ts";

const posixSets: ReadonlyMap<string, string> = new Map([
  ["alnum", "0-9A-Za-z"],
  ["alpha", "A-Za-z"],
  ["ascii", "\\x00-\\x7f"],
  ["blank", "\\t\\x20"],
  ["cntrl", "\\x00-\\x1f\\x7f"],
  ["digit", "0-9"],
  ["graph", "\\x21-\\x7e"],
  ["lower", "a-z"],
  ["print", "\\x20-\\x7e"],
  ["punct", "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e"],
  ["space", "\\t\\n\\v\\f\\r\\x20"],
  ["upper", "A-Z"],
  ["word", "0-9A-Za-z_"],
  ["xdigit", "0-9A-Fa-f"],
]);

const deepest = 50;

/**
 * Reads a bracketed class whose `[` was just taken: ranges, escapes, POSIX names, nested classes, and the set
 * operations `&&` and `--`. Returns JavaScript source for the `v` flag; throws a `SyntaxError` for a faulty class.
 */
export function regexClass(position: RegexPosition, depth = 0): string {
  if (depth > deepest) throw new SyntaxError("exceeds the nest limit");
  const negated = take(position, /\^/y) !== undefined;
  let operation = "";
  let union = take(position, /\]/y) === undefined ? "" : literal("]");
  union += literal("-").repeat(take(position, /-+(?!\])/y)?.[0].length ?? 0);
  for (;;) {
    if (position.at >= position.pattern.length) throw new SyntaxError("unclosed character class");
    if (take(position, /\]/y) !== undefined) break;
    const operator = take(position, /&&|--|~~/y)?.[0];
    if (operator === "~~")
      throw new SyntaxError("the set operation ~~ needs ripgrep, which is not installed");
    if (operator === undefined) union += member(position, depth);
    else {
      operation = operation === "" ? `[${union}]${operator}` : `[${operation}[${union}]]${operator}`;
      union = "";
    }
  }
  const members = operation === "" ? union : `${operation}[${union}]`;
  return `[${negated ? "^" : ""}${members}]`;
}

function member(position: RegexPosition, depth: number): string {
  const [, caret = "", name = ""] = take(position, /\[:(\^?)([a-z]+):\]/y) ?? [];
  const posix = posixSets.get(name);
  if (posix !== undefined) return `[${caret}${posix}]`;
  // Any other name is a class of the letters it is written with.
  if (name !== "") return `[${caret === "" ? "" : "\\^"}${literal(":")}${name}]`;
  if (take(position, /\[/y) !== undefined) return regexClass(position, depth + 1);
  const start = single(position);
  if (start.type === "set") return start.source;
  if (take(position, /-(?![\]-])/y) === undefined) return literal(start.character);
  const end = single(position);
  if (end.type === "set") throw new SyntaxError("invalid range in a character class");
  if ((start.character.codePointAt(0) ?? 0) > (end.character.codePointAt(0) ?? 0)) {
    throw new SyntaxError("invalid character class range: the start must be <= the end");
  }
  return `${literal(start.character)}-${literal(end.character)}`;
}

type Single = Exclude<ReturnType<typeof regexEscape>, { readonly type: "place" }>;

function single(position: RegexPosition): Single {
  if (take(position, /\\/y) === undefined) return { type: "character", character: takeCharacter(position) };
  const escaped = regexEscape(position);
  if (escaped.type === "place") throw new SyntaxError("invalid escape sequence found in a character class");
  return escaped;
}
