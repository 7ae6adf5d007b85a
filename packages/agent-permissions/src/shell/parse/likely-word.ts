import type { WordPart } from "unbash";
import type { ShellWord } from "../shell-script.ts";
import { likelyPieces } from "./likely-pieces.ts";
import { revisionText } from "./revision-text.ts";

/** The word, with what can be told of its value where that is not known. */
export function withLikely(word: ShellWord, parts: readonly WordPart[] | undefined): ShellWord {
  if (word.literal !== undefined || word.glob !== undefined || parts === undefined) return word;
  const likely = likelyPieces(parts);
  const revision = revisionText(parts);
  return {
    ...word,
    ...(likely === undefined ? {} : { likely }),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** What a word becomes, or most likely does. */
export function likelyText({ literal, glob, likely }: ShellWord): string | undefined {
  const texts = likely?.flatMap((piece) => ("text" in piece ? piece.text : []));
  return (
    literal ?? glob ?? (texts !== undefined && texts.length === likely?.length ? texts.join("") : undefined)
  );
}
