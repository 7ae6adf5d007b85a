import type { ParsedScript, WordPart } from "unbash";
import { anything } from "../../rules/wildcard.ts";
import { cookedPart } from "./cooked-word.ts";
import { plainCall } from "./plain-call.ts";

/**
 * The text of a word in which every substitution is one of those commands of git that print names of objects (hex
 * digits, or the plain name that they were given) and nothing else, with zeros for them.
 */
export function revisionText(parts: readonly WordPart[]): string | undefined {
  let text = "";
  for (const part of parts) {
    const piece = revisionPart(part);
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}

function revisionPart(part: WordPart): string | undefined {
  if (part.type === "DoubleQuoted") return revisionText(part.parts);
  if (part.type === "CommandExpansion") return printsObjects(part.script) ? "0000000" : undefined;
  const text = cookedPart(part);
  return typeof text === "string" && !text.includes(anything) ? text : undefined;
}

function printsObjects(script: ParsedScript | undefined): boolean {
  const [name, command, ...rest] = plainCall(script) ?? [];
  if (name !== "git") return false;
  const flags = rest.filter((word) => word.startsWith("-"));
  const names = rest.filter((word) => !word.startsWith("-"));
  // A name with a colon may be that of a file with secrets: `HEAD:.env`.
  if (!names.every((each) => /^@?[A-Za-z0-9][\w./]*([~^]\d*)*(\.\.\.?[\w./~^]*)?$|^@$/.test(each)))
    return false;
  switch (command) {
    case "merge-base":
      return names.length > 1 && flags.every((flag) => flag === "-a" || flag === "--all");
    case "rev-parse":
      return names.length > 0 && flags.every((flag) => /^(--verify|-q|--quiet|--short(=\d+)?)$/.test(flag));
    case "rev-list":
      return (
        names.length > 0 &&
        flags.every((flag) =>
          /^(-\d+|--max-count=\d+|--max-parents=0|--first-parent|--reverse|--no-merges|--merges)$/.test(flag),
        )
      );
    default:
      return false;
  }
}
