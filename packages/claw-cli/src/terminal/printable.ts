import { stripVTControlCharacters } from "node:util";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Text of a model or a tool, made safe to print: no escape sequence and no control character is left, so that it
 * cannot move the cursor, change the title or fake what the program says. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replace(control, "");
}

/** The same on one line of at most `limit` characters. */
export function printableLine(text: string, limit = 200): string {
  const line = printable(text.slice(0, limit * 4))
    .replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join("")}…`;
}
