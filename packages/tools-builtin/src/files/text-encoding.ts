import { isUtf8 as isAllUtf8 } from "node:buffer";
import { utf8SequenceLength } from "./utf-8-sequence.ts";

/** How the bytes of a text file are to be read. The UTF-16 forms always start with their byte-order mark. */
export type TextEncoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "windows-1252";

/** As many bytes from the start of a file are looked at to tell its encoding and kind. */
export const sniffBytes: number = 64 * 1024;

/**
 * The encoding of a file that starts with `head`, or `undefined` when it is not text. `size` is that of the whole
 * file. Without a byte-order mark it is UTF-8, also with some bytes broken as long as well-formed multi-byte sequences
 * outnumber them (spilled output is like that); else Windows-1252. A tenth of control characters makes UTF-8 binary, a
 * hundredth Windows-1252: there the bytes alone prove nothing.
 */
export function detectEncoding(head: Uint8Array, size: number): TextEncoding | undefined {
  const wide = wideEncoding(head);
  if (wide !== undefined) return wide === "utf-32" || size % 2 === 1 ? undefined : wide;
  const isMarked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  const isUtf8 = isMarked || looksLikeUtf8(head, size > head.length);
  if (countControls(head) > head.length / (isUtf8 ? 10 : 100)) return undefined;
  if (isMarked) return "utf-8-bom";
  return isUtf8 ? "utf-8" : "windows-1252";
}

/** The length of the byte-order mark that a file in this encoding starts with. */
export function bomLength(encoding: TextEncoding): number {
  return encoding === "utf-8-bom" ? 3 : encoding === "utf-16le" || encoding === "utf-16be" ? 2 : 0;
}

function wideEncoding(head: Uint8Array): "utf-16le" | "utf-16be" | "utf-32" | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) {
    return head.length >= 4 && head[2] === 0 && head[3] === 0 ? "utf-32" : "utf-16le";
  }
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : undefined;
}

/**
 * Below 0x20 and none of backspace, tab, newline, vertical tab, form feed, carriage return, escape (for colours). As a
 * pattern, which is quick from its first use on: a loop over bytes is slow until it is compiled, and is most of a read.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are looked for
const controls = /[\0-\x07\x0e-\x1a\x1c-\x1f]/g;

function countControls(head: Uint8Array): number {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  return bytes.toString("latin1").match(controls)?.length ?? 0;
}

function looksLikeUtf8(head: Uint8Array, isCutOff: boolean): boolean {
  if (isAllUtf8(head)) return true;
  let sequences = 0;
  let broken = 0;
  for (let index = 0; index < head.length; ) {
    const length = utf8SequenceLength(head, index);
    if (length > 1) sequences += 1;
    // The last sequence may continue beyond the head.
    if (length === 0 && !(isCutOff && index > head.length - 4)) broken += 1;
    index += Math.max(1, length);
  }
  return broken === 0 || sequences > broken;
}
