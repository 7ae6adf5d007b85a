import type { Spilled, SpillStore, ToolCallId } from "@claw/agent-core";
import { byteWindow } from "./byte-window.ts";
import { type GuardedSpill, guardedSpill } from "./guarded-spill.ts";
import { windowText } from "./window-text.ts";

/** Takes output of any length and gives back what a model can read of it. Memory stays at about `capBytes`. */
export interface TextSink {
  /** Takes a piece; await it, so that the disk's pace is the writer's. The bytes must not change until then. Never rejects. */
  readonly write: (piece: Uint8Array | string) => Promise<void>;
  /** What was written, made fit for a model. Pieces written later are dropped. Never rejects. */
  readonly end: () => Promise<SinkText>;
}

/** How much to keep in view, and where the rest goes. */
export interface TextSinkOptions {
  /** The text for the model is at most this long, the notice about a cut not counted. */
  readonly capBytes: number;
  readonly call: ToolCallId;
  /** Gets the whole output once it is over the cap. Left out: the middle is lost. */
  readonly spill?: SpillStore;
  /** Names the spill file. Left out: `output`. */
  readonly label?: string;
}

/** What became of the output. */
export interface SinkText {
  /** For the model: everything, or head, notice and tail. Well-formed, without NULs. */
  readonly text: string;
  /** Of the whole output. */
  readonly bytes: number;
  /** Of the whole output; a last line without a newline counts. */
  readonly lines: number;
  /** Whether `text` is not the whole output. */
  readonly cut: boolean;
  readonly binary: boolean;
  /** Present when there is a spill file. */
  readonly spilled?: Spilled;
}

/** A sink for one output: bytes in UTF-8 that may be cut anywhere, or text. */
export function createTextSink(options: TextSinkOptions): TextSink {
  const window = byteWindow(Math.max(options.capBytes, 256));
  const encoder = new TextEncoder();
  let newlines = 0;
  let endsOpen = false;
  let file: GuardedSpill | undefined;
  let written = Promise.resolve();
  let ended: Promise<SinkText> | undefined;

  function take(bytes: Uint8Array): Promise<void> {
    if (ended !== undefined || bytes.length === 0) return written;
    newlines += countNewlines(bytes);
    endsOpen = bytes[bytes.length - 1] !== newline;
    if (file === undefined && window.total() + bytes.length > options.capBytes) openFile();
    if (file !== undefined) keep(bytes);
    window.push(bytes);
    return written;
  }

  /** Until now the window holds all there was. */
  function openFile(): void {
    if (options.spill === undefined) return;
    file = guardedSpill(options.spill, options.call, options.label ?? "output");
    keep(window.head());
    keep(window.tail());
  }

  function keep(bytes: Uint8Array): void {
    const target = file;
    if (target !== undefined) written = written.then(() => target.write(bytes));
  }

  async function finish(): Promise<SinkText> {
    const lines = newlines + (endsOpen ? 1 : 0);
    const shown = windowText(window, options.capBytes);
    // Few bytes may still be much text: of binary output only a taste is shown, and invalid bytes grow when replaced.
    if (shown.cut && file === undefined) openFile();
    await written;
    const spilled = await file?.close();
    const bytes = window.total();
    return {
      text: shown.text({ bytes, lines, ...(spilled === undefined ? {} : { spilled }) }),
      bytes,
      lines,
      cut: shown.cut,
      binary: shown.binary,
      ...(spilled === undefined ? {} : { spilled }),
    };
  }

  return {
    write: async (piece) => {
      if (typeof piece !== "string") return take(piece);
      for (const part of pieces(piece)) await take(encoder.encode(part));
    },
    end: () => {
      ended ??= finish();
      return ended;
    },
  };
}

const newline = 10;

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  // By index: over each byte of gigabytes, an iterator costs four times as much.
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === newline) count++;
  return count;
}

/** Long text in parts that are encoded one by one, cut between code points. */
function* pieces(text: string): Generator<string> {
  const size = 65_536;
  for (let start = 0; start < text.length; ) {
    const last = text.charCodeAt(start + size - 1);
    const end = start + size + (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    yield text.slice(start, end);
    start = end;
  }
}
