/**
 * The text with everything that could mislead a reader made visible: control, bidirectional, zero-width and other
 * invisible characters and odd blanks as `<U+202E>`, tabs as `<tab>`, long runs of blanks or empty lines as their
 * count. Line feeds stay. For everything a person approves.
 */
export function visible(text: string): string {
  return named(text)
    .replace(/\t/g, "<tab>")
    .replace(/ {16,}/g, (run) => `<${run.length} blanks>`)
    .replace(/\n{4,}/g, (run) => `\n<${run.length - 1} empty lines>\n`);
}

/** Whether the text shows less, or something else, than it says. A rule is never offered for such a text. */
export function hidesSomething(text: string): boolean {
  return hasOddCharacters(text) || /\t| {16,}|\n{4,}/.test(text);
}

/** Whether the text has characters that shells and people read differently. Tabs and line feeds are none. */
export function hasOddCharacters(text: string): boolean {
  return !isPlain(text) && text.search(hidden()) >= 0;
}

function named(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(/\r\n/g, "<U+000D>\n").replace(hidden(), (character) => `<U+${codePoint(character)}>`);
}

/** Almost every text is, and the engine takes a millisecond to learn the pattern for the others. */
function isPlain(text: string): boolean {
  return /^[\t\n\x20-\x7e]*$/.test(text);
}

/** Controls but tab and line feed, every blank but U+0020, everything without a shape, private use, lone surrogates. */
function hidden(): RegExp {
  return /(?![\t\n ])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
