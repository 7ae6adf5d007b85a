import type { ParsedScript, Word, WordPart } from "unbash";
import { anything } from "../../rules/wildcard.ts";
import type { LikelyPiece } from "../shell-script.ts";
import { cookedPart } from "./cooked-word.ts";

/**
 * What a word that cannot be known is most likely made of: for what is forbidden, never for what is allowed.
 * `undefined` where even that cannot be said.
 */
export function likelyPieces(parts: readonly WordPart[], quoted = false): readonly LikelyPiece[] | undefined {
  const pieces: LikelyPiece[] = [];
  for (const part of parts) {
    const found = piecesOf(part, quoted);
    if (found === undefined) return undefined;
    pieces.push(...found);
  }
  return pieces;
}

function piecesOf(part: WordPart, quoted: boolean): readonly LikelyPiece[] | undefined {
  switch (part.type) {
    case "DoubleQuoted":
    // Without a catalogue of translations it is what it says.
    case "LocaleString":
      return likelyPieces(part.parts, true);
    case "SimpleExpansion":
      return [{ variable: variableName(part.text.slice(1)), quoted }];
    case "ParameterExpansion": {
      if (part.prefix !== undefined) return undefined;
      const { operation } = part;
      const operand = operation?.type === "Default" ? wordText(operation.operand) : undefined;
      return [
        { variable: variableName(part.parameter), quoted, ...(operand === undefined ? {} : { operand }) },
      ];
    }
    case "CommandExpansion": {
      const text = printedText(part.script);
      return text === undefined ? undefined : [{ text, quoted }];
    }
    case "ExtendedGlob":
      return [{ text: anything, quoted: true }];
    default: {
      const text = cookedPart(part);
      return typeof text === "string" ? [{ text, quoted: true }] : undefined;
    }
  }
}

/** All of what a script was called with is one list here. */
function variableName(name: string): string {
  return /^[@*\d]$/.test(name) ? "@" : name;
}

function wordText(word: Word): string | undefined {
  if (word.parts === undefined) return word.value;
  const pieces = likelyPieces(word.parts);
  return pieces?.every((piece) => "text" in piece)
    ? pieces.map((piece) => ("text" in piece ? piece.text : "")).join("")
    : undefined;
}

/** What `$(echo rm)` becomes; nothing where it is known to print nothing. */
function printedText(script: ParsedScript | undefined): string | undefined {
  const [only, ...others] = script?.commands ?? [];
  if (only?.command.type !== "Command" || others.length > 0) return undefined;
  const { name, args } = only.command;
  if (name?.value === "true" || name?.value === ":") return "";
  if (name?.value !== "echo" && name?.value !== "printf") return undefined;
  const texts = args.map((arg) => (arg.type === "Word" ? wordText(arg) : arg.text));
  return texts.every((text) => text !== undefined) ? printed(name.value, texts) : undefined;
}

/** What `echo` or `printf` prints, as far as it matters for what a text may be. */
export function printed(name: string, texts: readonly string[]): string {
  if (name === "echo") return texts.filter((text, i) => i > 0 || !/^-[neE]+$/.test(text)).join(" ");
  const [format = "", ...values] = texts;
  const rest = [...values];
  return format.replace(/%[sb]/g, () => rest.shift() ?? "").replace(/\\n/g, "\n");
}
