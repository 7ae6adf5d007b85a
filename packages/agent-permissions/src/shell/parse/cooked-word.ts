import { forEachChild, type SyntaxNode, type Word, type WordPart } from "unbash";
import { anything } from "../../rules/wildcard.ts";
import { repositoryTop, type ShellWord, type WordPiece } from "../shell-script.ts";
import { isPlainSum } from "./is-plain-sum.ts";
import { plainCall } from "./plain-call.ts";

/** The characters of a word that no quote protects. */
export function unquotedText(word: Word): string {
  if (word.parts === undefined) return word.text.replace(/\\./gs, "");
  return word.parts.map((part) => (part.type === "Literal" ? part.text.replace(/\\./gs, "") : "")).join("");
}

/** What is known of a word before it is run: `value` is its text where it has no parts. */
export function cookedWord(text: string, parts: readonly WordPart[] | undefined, value: string): ShellWord {
  if (parts === undefined) return { text, literal: value };
  const [first] = parts;
  if (parts.length === 1 && first?.type === "ProcessSubstitution" && text.startsWith("<")) {
    return { text, stream: true };
  }
  let literal = "";
  let isGlob = false;
  let isNumber = false;
  let isOutput = false;
  for (const part of parts) {
    const piece = cookedPart(part);
    if (piece === undefined) return withVariables(text, parts);
    if (part.type === "Glob") isGlob = true;
    if (piece === digits) isNumber = true;
    else if (piece === printed) isOutput = true;
    else literal += piece;
  }
  const pieces = isOutput ? piecesOf(parts, false) : undefined;
  const known = pieces === undefined ? {} : { pieces };
  if (isOutput) return { text, ...(isGlob ? {} : { output: true, single: true }), ...known };
  if (isNumber) return isGlob ? { text } : { text, number: true, single: true };
  return isGlob ? { text, glob: literal } : { text, literal };
}

/** A word of which only the values of variables, and what commands print, is not known. */
function withVariables(text: string, parts: readonly WordPart[]): ShellWord {
  const variables = parts.flatMap(variablesIn);
  const pieces = piecesOf(parts, false);
  const known = pieces === undefined ? {} : { pieces };
  if (!parts.every(isText)) return { text, ...known };
  return { text, variables, single: parts.every(isOneArgument), ...known };
}

function piecesOf(parts: readonly WordPart[], quoted: boolean): readonly WordPiece[] | undefined {
  const pieces: WordPiece[] = [];
  for (const part of parts) {
    const variable = plainVariable(part) ?? placeVariable(part);
    const piece = variable === undefined ? cookedPart(part) : { variable, quoted };
    if (part.type === "DoubleQuoted") {
      const inner = piecesOf(part.parts, true);
      if (inner === undefined) return undefined;
      pieces.push(...inner);
    } else if (typeof piece === "string" || typeof piece === "object") pieces.push(piece);
    else return undefined;
  }
  return pieces;
}

/** `$(pwd)` and the top of a repository are values like those of variables. */
function placeVariable(part: WordPart): string | undefined {
  if (part.type !== "CommandExpansion") return undefined;
  const call = plainCall(part.script)?.join(" ");
  return call === "pwd" ? "PWD" : call === "git rev-parse --show-toplevel" ? repositoryTop : undefined;
}

/** `$x` or `${x}`. */
function plainVariable(part: WordPart): string | undefined {
  if (part.type !== "SimpleExpansion" && part.type !== "ParameterExpansion") return undefined;
  return /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/
    .exec(part.text)
    ?.slice(1)
    .find((name) => name !== undefined);
}

function isText(part: WordPart): boolean {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
    case "CommandExpansion":
    case "SimpleExpansion":
      return true;
    case "ParameterExpansion":
      return part.prefix !== "!";
    case "DoubleQuoted":
      return part.parts.every(isText);
    default:
      return false;
  }
}

/** Outside double quotes a value may become several arguments, or none; within, only a list may. */
function isOneArgument(part: WordPart): boolean {
  if (part.type === "DoubleQuoted") return !/\$[@*]|\$\{[^}]*[@*]/.test(part.text);
  return part.type === "Literal" || part.type === "SingleQuoted" || part.type === "AnsiCQuoted";
}

function variablesIn(node: SyntaxNode): readonly string[] {
  const names: string[] = [];
  if (node.type === "SimpleExpansion") names.push(node.text.slice(1));
  if (node.type === "ParameterExpansion") names.push(node.parameter);
  // What a command inside prints is its own affair.
  if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution") return names;
  forEachChild(node, (child) => {
    names.push(...variablesIn(child));
  });
  return names;
}

/** Stands for the digits that `$?` becomes. */
const digits: unique symbol = Symbol("digits");
/** Stands for what a substitution between double quotes prints. */
const printed: unique symbol = Symbol("printed");

/** A bracket with a slash in it is none to bash, and one with quotes, braces or values may become several words. */
const isPlainGlob = /^(?:[*?]+|\[[^/'"\\$`{}]*\])$/;

export function cookedPart(part: WordPart): string | typeof digits | typeof printed | undefined {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
      return part.value;
    case "AnsiCQuoted":
      // Bytes beyond ASCII and NUL come out differently than they are written, and a line that goes on does not here.
      return (/\P{ASCII}/u.test(part.value) && part.text.includes("\\")) ||
        /\0|\\\n/.test(part.value + part.text)
        ? undefined
        : part.value;
    case "Glob":
      return isPlainGlob.test(part.text) ? anything : undefined;
    case "DoubleQuoted": {
      const pieces = part.parts.map((child) =>
        child.type === "CommandExpansion" ? printed : cookedPart(child),
      );
      if (pieces.includes(undefined)) return undefined;
      if (pieces.includes(printed)) return printed;
      return pieces.includes(digits) ? digits : pieces.join("");
    }
    case "SimpleExpansion":
      return /^\$[?#$]$/.test(part.text) ? digits : undefined;
    case "ArithmeticExpansion":
      return isPlainSum(part.text) ? digits : undefined;
    default:
      return undefined;
  }
}
