/**
 * The same JSON without characters that a terminal obeys or that turn the order of others around: they stand in it by their
 * numbers. JSON itself does so with those below U+0020 alone. Some readers of lines end one at U+0085, U+2028 and U+2029.
 */
export function safeJson(json: string): string {
  return json.replace(odd, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const odd = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
