import { type Spill, type SpillStore, toolCallId } from "@claw/agent-core";
import { outputRing } from "./output-ring.ts";
import type { TaskSink } from "./task.ts";

/** The output of one task: its end in memory, all of it up to a cap in a file. */
export interface TaskOutput {
  readonly write: TaskSink;
  readonly read: (since: number) => OutputSlice;
  readonly bytes: () => number;
  /** No more is taken from now on. Resolves when the file is closed, with the bytes that it has not; `undefined`: there is none. */
  readonly close: () => Promise<number | undefined>;
}

/** A part of a task's output, as text. */
export interface OutputSlice {
  readonly text: string;
  /** Where the next part begins: to be given as `since`. */
  readonly next: number;
  /** Bytes before the text that are no longer in memory; the file may have them. */
  readonly missed: number;
}

export interface TaskOutputOptions {
  readonly task: string;
  readonly ringBytes: number;
  readonly spill: SpillStore | undefined;
  /** Told once where the file is. */
  readonly onFile: (path: string) => void;
  /** Told after each piece. */
  readonly onOutput: () => void;
}

export function taskOutput({ task, ringBytes, spill, onFile, onOutput }: TaskOutputOptions): TaskOutput {
  const ring = outputRing(ringBytes);
  const encoder = new TextEncoder();
  let file: Promise<Spill> | undefined;
  let written: Promise<void> = Promise.resolve();
  let closed = false;

  /** A store that breaks its promise not to reject costs the file, not the task. */
  async function keep(store: SpillStore, bytes: Uint8Array): Promise<void> {
    try {
      file ??= open(store);
      await (await file).write(bytes);
    } catch {
      // The ring has the end of it.
    }
  }

  async function open(store: SpillStore): Promise<Spill> {
    const opened = await store.open(toolCallId(task), "task");
    if (opened.path !== undefined && !closed) onFile(opened.path);
    return opened;
  }

  return {
    write: async (piece) => {
      const bytes = typeof piece === "string" ? encoder.encode(piece) : piece;
      if (closed || bytes.length === 0) return;
      ring.push(bytes);
      if (spill !== undefined) written = written.then(() => keep(spill, bytes));
      onOutput();
      await written;
    },
    read: (since) => {
      const { bytes, missed } = ring.from(since);
      const from = missed > 0 ? leadingRest(bytes) : 0;
      const until = closed ? bytes.length : bytes.length - trailingStart(bytes);
      const text = new TextDecoder().decode(bytes.subarray(from, Math.max(from, until)));
      return { text, next: ring.total() - (bytes.length - Math.max(from, until)), missed: missed + from };
    },
    bytes: () => ring.total(),
    close: async () => {
      closed = true;
      await written;
      try {
        const spilled = await (await file)?.close();
        return spilled?.path === undefined ? undefined : spilled.dropped;
      } catch {
        return undefined;
      }
    },
  };
}

/** Bytes at the start that end a character which began before. */
function leadingRest(bytes: Uint8Array): number {
  let count = 0;
  while (count < Math.min(3, bytes.length) && isContinuation(bytes[count])) count += 1;
  return count;
}

/** Bytes at the end that begin a character of which more is to come. */
function trailingStart(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
