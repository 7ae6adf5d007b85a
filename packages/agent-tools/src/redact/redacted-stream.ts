import type { FindSecrets } from "./find-secrets.ts";
import { literalPattern } from "./literal-pattern.ts";

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
 * Makes streams that look for the same. They look at bytes as characters, one each, so that places in the text are places
 * in the bytes, and what is no text comes out as it went in.
 */
export function redactedStreams(find: FindSecrets, options: RedactedStreamOptions): () => RedactedStream {
  let surePart: SurePart | undefined;
  return () => {
    surePart ??= surePartOf(options);
    return redactedStream(find, surePart);
  };
}

/** How much of a text stays what it is whatever follows: up to where a secret may have begun. */
type SurePart = (text: string) => number;

function redactedStream(find: FindSecrets, surePart: SurePart): RedactedStream {
  let held: Uint8Array = nothing;

  function take(piece: Uint8Array, isLast: boolean): Uint8Array {
    const bytes = held.length === 0 ? piece : joined([held, piece]);
    const text = single.decode(bytes);
    const sure = isLast ? bytes.length : surePart(text);
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

function surePartOf({ values, anchors, wordAnchors = [] }: RedactedStreamOptions): SurePart {
  const startOfAnchor = startOfAnchors([...anchors, ...wordAnchors]);
  const words = anyOf(wordAnchors);
  return (text) => {
    const from = Math.max(0, text.length - longestHeld);
    const line = Math.max(from, text.lastIndexOf("\n") + 1);
    const last = text.slice(line);
    if (anchors.some((anchor) => last.includes(anchor))) return Math.min(line, openKey(text, from));
    const open = words.test(last) ? wordAnchors.map((anchor) => line + startOfOpen(anchor, last)) : [];
    const known = values.map((value) => startOf(value, text));
    return Math.min(openKey(text, from), line + startOfAnchor(last), ...open, ...known);
  };
}

/** Finds one of these, wherever it stands. */
function anyOf(anchors: readonly string[]): RegExp {
  return anchors.length === 0 ? /(?!)/ : new RegExp(anchors.map(literalPattern).join("|"));
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

/**
 * Where a line ends with the beginning of an anchor, with the sign before it, by which a key is told from the middle of a
 * word; the line's end when it does not.
 */
function startOfAnchors(anchors: readonly string[]): (line: string) => number {
  const beginnings = beginningsOf(anchors);
  const longest = Math.max(0, ...anchors.map((anchor) => anchor.length - 1));
  return (line) => {
    for (let start = Math.max(0, line.length - longest); start < line.length; start++) {
      if (!beginnings.has(line.slice(start))) continue;
      if (start === 0) return 0;
      if (!insideWord.test(line.slice(start - 1, start + 1))) return start - 1;
    }
    return line.length;
  };
}

/** Of each all but the whole. */
function beginningsOf(anchors: readonly string[]): ReadonlySet<string> {
  const beginnings = new Set<string>();
  for (const anchor of anchors) {
    for (let length = 1; length < anchor.length; length++) beginnings.add(anchor.slice(0, length));
  }
  return beginnings;
}

const insideWord = /^\w\w/;

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
