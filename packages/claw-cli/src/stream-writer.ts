import type { Writable } from "node:stream";

/** Writes text to a stream no faster than its reader takes it, and notices when the reader is gone. */
export interface StreamWriter {
  /**
   * Resolves when there is room for more. Never rejects; after the reader has gone nothing is written. What was to be
   * written soon goes first.
   */
  readonly write: (text: string) => Promise<void>;
  /** Writes it together with what else comes in this turn of the event loop: each write wakes whoever reads. */
  readonly writeSoon: (text: string) => Promise<void>;
  /** Resolves when everything has been handed to the system, or the reader is gone. */
  readonly flush: () => Promise<void>;
  readonly broken: () => boolean;
}

/** `onBroken` is called once, when the stream fails (`EPIPE`: `claw … | head -1`). */
export function createStreamWriter(stream: Writable, onBroken: () => void): StreamWriter {
  let broken = false;
  let waiting = "";
  stream.on("error", () => {
    if (!broken) onBroken();
    broken = true;
  });
  const write = async (text: string): Promise<void> => {
    const whole = waiting + text;
    waiting = "";
    if (broken || whole === "") return;
    if (!stream.write(whole)) await settled(stream, "drain");
  };
  return {
    write,
    writeSoon: async (text) => {
      if (stream.writableNeedDrain) return write(text);
      if (waiting === "") setImmediate(() => void write(""));
      waiting += text;
    },
    flush: async () => {
      void write("");
      if (broken || stream.writableLength === 0) return;
      await new Promise<void>((resolve) => {
        stream.once("error", () => resolve());
        stream.once("close", () => resolve());
        stream.write("", () => resolve());
      });
    },
    broken: () => broken,
  };
}

function settled(stream: Writable, event: "drain"): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of [event, "error", "close"]) stream.off(name, done);
      resolve();
    };
    for (const name of [event, "error", "close"]) stream.once(name, done);
  });
}
