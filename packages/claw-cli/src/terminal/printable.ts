import { stripVTControlCharacters } from "node:util";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What turns the order of the characters around, and blanks of no width. Joiners stay: scripts and emoji need them. */
const misleading = /[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/g;

/**
 * Text of a model or a tool, made safe to print: no escape sequence, no control character and nothing that turns the
 * order of characters around is left, so that it cannot move the cursor, change the title, look like another text or
 * fake what the program says. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replace(control, "").replace(misleading, "");
}

/** The same on one line of at most `limit` characters. */
export function printableLine(text: string, limit = 200): string {
  const line = printable(text.slice(0, limit * 4))
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join("")}…`;
}
