import { regexClass } from "./regex-class.ts";
import { regexEscape } from "./regex-escape.ts";
import { literal, type RegexPosition, take, takeCharacter } from "./regex-position.ts";

export type JavaScriptRegex =
  | {
      readonly type: "regex";
      readonly source: string;
      readonly flags: string;
      /** Whether a match can hold a line's end at all. */
      readonly crossesLines: boolean;
    }
  | { readonly type: "invalid"; readonly message: string };

export interface RegexModes {
  readonly ignoreCase: boolean;
  /** Matches may span lines and `.` matches a line's end. */
  readonly multiline: boolean;
}

/**
 * A regular expression of ripgrep (Rust's syntax: Unicode, neither look-around nor back-references) as one of
 * JavaScript with the same meaning. What has no counterpart, such as flags in the middle, is called invalid.
 */
export function javaScriptRegex(pattern: string, modes: RegexModes): JavaScriptRegex {
  const position = { pattern, at: 0 };
  try {
    const leading = take(position, /\(\?([imsu]+)\)/y)?.[1] ?? "";
    const dot = modes.multiline || leading.includes("s") ? "[\\s\\S]" : "[^\\n]";
    const pieces: Piece[] = [];
    while (position.at < pattern.length) pieces.push(nextPiece(position, dot));
    const crossesLines = pieces.some(holdsLineEnd);
    if (!modes.multiline && pieces.some(({ kind, source }) => kind === "character" && source === lineEnd)) {
      throw new SyntaxError(
        'the literal "\\n" is not allowed in a regex. Set multiline to match across lines',
      );
    }
    const flags = modes.ignoreCase || leading.includes("i") ? "vi" : "v";
    const { source } = new RegExp(pieces.map((piece) => piece.source).join(""), flags);
    return { type: "regex", source, flags, crossesLines };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 300) : "";
    return { type: "invalid", message: `regex parse error near character ${position.at + 1}: ${reason}` };
  }
}

interface Piece {
  /** JavaScript source for the `v` flag. */
  readonly source: string;
  readonly kind: "character" | "set" | "place" | "syntax";
}

const lineEnd = literal("\n");

function holdsLineEnd({ kind, source }: Piece): boolean {
  if (kind === "character") return source === lineEnd;
  return kind === "set" && new RegExp(source, "v").test("\n");
}

function nextPiece(position: RegexPosition, dot: string): Piece {
  const syntax = groupStart(position) ?? repetition(position);
  if (syntax !== undefined) return { source: syntax, kind: "syntax" };
  const character = takeCharacter(position);
  switch (character) {
    case "[":
      return { source: regexClass(position), kind: "set" };
    case "\\":
      return escapePiece(position);
    case ".":
      return { source: dot, kind: "set" };
    case "^":
      return { source: "(?<![^\\n])", kind: "place" };
    case "$":
      return { source: "(?![^\\n])", kind: "place" };
    default:
      if ("()|*+?".includes(character)) return { source: character, kind: "syntax" };
      return { source: literal(character), kind: "character" };
  }
}

function groupStart(position: RegexPosition): string | undefined {
  if (take(position, /\(\?(?:P?<[\p{L}_][^>]*>|:)/uy) !== undefined) return "(?:";
  if (take(position, /\(\?<?[=!]/y) !== undefined) {
    throw new SyntaxError("look-around, including look-ahead and look-behind, is not supported");
  }
  if (take(position, /\(\?/y) !== undefined) {
    throw new SyntaxError("flags are supported only at the start, as in (?i), unless ripgrep is installed");
  }
  return undefined;
}

function repetition(position: RegexPosition): string | undefined {
  const [braces, least = "", comma = "", most = ""] = take(position, /\{\s*(\d*)\s*(,?)\s*(\d*)\s*\}/y) ?? [];
  if (least !== "" || most !== "") return `{${least || "0"}${comma}${most}}`;
  if (braces !== undefined || take(position, /\{/y) !== undefined) {
    throw new SyntaxError("repetition quantifier expects a valid decimal (write \\{ for the character)");
  }
  return undefined;
}

function escapePiece(position: RegexPosition): Piece {
  const meant = regexEscape(position);
  if (meant.type === "character") return { source: literal(meant.character), kind: "character" };
  return { source: meant.source, kind: meant.type };
}
