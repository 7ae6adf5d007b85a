import type { FindSecrets } from "./find-secrets.ts";

/** Bytes in, bytes without secrets out. What may be the beginning of one is held back until more is known. */
export interface RedactedStream {
  /** The piece itself where there is nothing to hide in it and nothing is held back. */
  readonly push: (piece: Uint8Array) => Uint8Array;
  /** What was held back. */
  readonly end: () => Uint8Array;
}

export interface RedactedStreamOptions {
  /** The values that are looked for, one character for each byte. */
  readonly values: readonly string[];
  /** Of the forms: a line that has one is held back until it is whole. */
  readonly anchors: readonly string[];
  /** Of forms that are over after a few words: what follows those is not held back. */
  readonly wordAnchors?: readonly string[];
}

/**
 * Looks at bytes as characters, one each, so that places in the text are places in the bytes, and what is no text comes
 * out as it went in.
 */
export function redactedStream(find: FindSecrets, options: RedactedStreamOptions): RedactedStream {
  let held: Uint8Array = nothing;

  function take(piece: Uint8Array, isLast: boolean): Uint8Array {
    const bytes = held.length === 0 ? piece : joined([held, piece]);
    const text = single.decode(bytes);
    const sure = isLast ? bytes.length : surePart(text, options);
    const parts: Uint8Array[] = [];
    let done = 0;
    for (const { start, end, mark } of find(text)) {
      if (start >= sure) break;
      parts.push(bytes.subarray(done, start), encoder.encode(mark));
      done = end;
    }
    if (done < sure) {
      parts.push(bytes.subarray(done, sure));
      done = sure;
    }
    held = done < bytes.length ? bytes.slice(done) : nothing;
    return joined(parts);
  }

  return { push: (piece) => take(piece, false), end: () => take(nothing, true) };
}

/** A text as the bytes of its UTF-8, one character for each. */
export function asCharacters(text: string): string {
  return single.decode(encoder.encode(text));
}

const nothing = new Uint8Array(0);
const encoder = new TextEncoder();
/** Knows no invalid bytes, and makes one character of each. */
const single = new TextDecoder("latin1");

/** How much of the text stays what it is whatever follows: up to where a secret may have begun. */
function surePart(text: string, { values, anchors, wordAnchors = [] }: RedactedStreamOptions): number {
  const from = Math.max(0, text.length - longestHeld);
  const line = Math.max(from, text.lastIndexOf("\n") + 1);
  const last = text.slice(line);
  if (anchors.some((anchor) => last.includes(anchor))) return Math.min(line, openKey(text, from));
  const begun = [...anchors, ...wordAnchors].map((anchor) => line + startOfAnchor(anchor, last));
  const open = wordAnchors.map((anchor) => line + startOfOpen(anchor, last));
  const known = values.map((value) => startOf(value, text));
  return Math.min(openKey(text, from), ...begun, ...open, ...known);
}

/** More than the longest private key has. */
const longestHeld = 16_800;

/** Where a private key begins that has not ended; the end of the text when there is none. */
function openKey(text: string, from: number): number {
  const start = text.lastIndexOf("-----BEGIN ");
  return start >= from && keyWithoutEnd.test(text.slice(start)) ? start : text.length;
}

const keyWithoutEnd =
  /^-----BEGIN [A-Z0-9 ]{0,60}-----(?:(?!-----END [A-Z0-9 ]{0,60}-----)[\w+/=\s\\:,.() -])*$/;

/** Where an anchor stands that too few words follow to know what it is, with the sign before it; the end when there is none. */
function startOfOpen(anchor: string, line: string): number {
  for (let place = line.indexOf(anchor); place !== -1; place = line.indexOf(anchor, place + 1)) {
    if (!mostWords.test(line.slice(place))) return Math.max(0, place - 1);
  }
  return line.length;
}

/** The form with the most words has four: `authorization`, a sign, a scheme and the key. */
const mostWords = /^(?:\S+\s+){4}/;

/** With the sign before it, by which a key is told from the middle of a word. */
function startOfAnchor(anchor: string, line: string): number {
  const start = startOf(anchor, line);
  if (start === line.length || start === 0) return start;
  const before = line.charAt(start - 1);
  return /\w/.test(before) && /\w/.test(anchor.charAt(0)) ? line.length : start - 1;
}

/** Where the text ends with the beginning of a word; the end of the text when it does not. */
function startOf(word: string, text: string): number {
  const first = word.charAt(0);
  let place = text.indexOf(first, Math.max(0, text.length - word.length + 1));
  while (place !== -1 && !word.startsWith(text.slice(place))) place = text.indexOf(first, place + 1);
  return place === -1 ? text.length : place;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only = nothing] = parts;
  if (parts.length < 2) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
