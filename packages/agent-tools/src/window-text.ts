import type { Spilled } from "@claw/agent-core";
import type { ByteWindow } from "./byte-window.ts";
import { wellFormed } from "./well-formed.ts";

/** What can be shown of a window; `text` needs to know where the whole was kept. */
export interface WindowText {
  readonly cut: boolean;
  readonly binary: boolean;
  readonly text: (whole: WholeOutput) => string;
}

/** The facts that a notice about a cut tells. */
export interface WholeOutput {
  readonly bytes: number;
  readonly lines: number;
  readonly spilled?: Spilled;
}

/** Head and tail as text of at most `capBytes`, cut between code points and, where one is near, at a line's end. */
export function windowText(window: ByteWindow, capBytes: number): WindowText {
  const head = window.head();
  const tail = window.tail();
  if (looksBinary(head, tail)) {
    const taste = decode(head.subarray(0, wholeCharacters(head.subarray(0, 200))));
    return { cut: true, binary: true, text: (whole) => `${binaryNotice(whole)}\n${taste}` };
  }
  const all = window.dropped() === 0 ? decode(concatenate(head, tail)) : undefined;
  if (all !== undefined && byteLength(all) <= capBytes) return { cut: false, binary: false, text: () => all };
  // Without a gap the two are cut from the whole, which grew over the cap when invalid bytes were replaced.
  const room = Math.floor(capBytes / 2);
  const first = firstPart(all ?? decode(head.subarray(0, wholeCharacters(head))), room);
  const last = lastPart(all ?? decode(tail.subarray(leadingContinuations(tail))), room);
  return {
    cut: true,
    binary: false,
    text: (whole) => `${first}\n${cutNotice(whole, first, last)}\n${last}`,
  };
}

/** More than a fifth is what text has not: NULs and other controls, or bytes that are not UTF-8. */
function looksBinary(head: Uint8Array, tail: Uint8Array): boolean {
  const size = head.length + tail.length;
  let odd = 0;
  for (const bytes of [head, tail]) {
    for (const byte of bytes) if (byte < 32 && !textControls.has(byte)) odd++;
    for (const _ of decode(bytes).matchAll(/\u{fffd}/gu)) odd++;
  }
  return odd > size / 5;
}

/** Backspace, tab, newline, form feed, carriage return, escape. */
const textControls: ReadonlySet<number> = new Set([8, 9, 10, 12, 13, 27]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return wellFormed(decoder.decode(bytes));
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head, 0);
  all.set(tail, head.length);
  return all;
}

/** The length without a last character that is not all there. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function leadingContinuations(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && isContinuation(bytes[count] ?? 0)) count++;
  return count;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** At most `room` bytes from the beginning; a whole number of lines, unless that loses more than a quarter. */
function firstPart(text: string, room: number): string {
  const bytes = new TextEncoder().encode(text).subarray(0, room);
  const part = decode(bytes.subarray(0, wholeCharacters(bytes)));
  const lineEnd = part.lastIndexOf("\n");
  return lineEnd >= part.length * 0.75 ? part.slice(0, lineEnd) : part;
}

/** At most `room` bytes from the end; a whole number of lines, unless that loses more than a quarter. */
function lastPart(text: string, room: number): string {
  const encoded = new TextEncoder().encode(text);
  const bytes = encoded.subarray(Math.max(0, encoded.length - room));
  const part = decode(bytes.subarray(leadingContinuations(bytes)));
  const lineStart = part.indexOf("\n") + 1;
  return lineStart <= part.length * 0.25 ? part.slice(lineStart) : part;
}

function cutNotice(whole: WholeOutput, first: string, last: string): string {
  const bytes = Math.max(0, whole.bytes - byteLength(first) - byteLength(last));
  const lines = Math.max(0, whole.lines - lineCount(first) - lineCount(last));
  const amount = `${lines} lines, ${bytes} bytes (about ${Math.ceil(bytes / 4)} tokens)`;
  return `[… ${amount} cut here from ${whole.lines} lines, ${whole.bytes} bytes. ${where(whole.spilled)}]`;
}

function binaryNotice(whole: WholeOutput): string {
  return `[Binary output or not UTF-8, ${whole.bytes} bytes; only its beginning is shown. ${where(whole.spilled)}]`;
}

function where(spilled: Spilled | undefined): string {
  if (spilled?.path === undefined) return "The rest was not kept.";
  const part = spilled.dropped > 0 ? `The first ${spilled.kept} bytes are` : "The whole output is";
  return `${part} in ${spilled.path}: use Read with offset/limit to see the rest.`;
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.split("\n").length;
}
