import type { Frame, FrameReader, Framing } from "./framing.ts";

/** One JSON text a line. Blank lines are no frames. */
export const ndjsonFraming: Framing = { accept: "application/x-ndjson", wholeWhenJson: false, open };

function open(maxFrameLength: number): FrameReader {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  let pendingLength = 0;
  let overflowed = false;

  const feed = (text: string): readonly Frame[] => {
    if (overflowed) return [];
    const lastBreak = text.lastIndexOf("\n");
    let frames: readonly Frame[] = [];
    if (lastBreak >= 0) {
      const lines = [...pending, text.slice(0, lastBreak)].join("").split("\n");
      frames = lines.filter(notBlank).map((line) => ({ text: line }));
      pending = [];
      pendingLength = 0;
    }
    const rest = text.slice(lastBreak + 1);
    pending.push(rest);
    pendingLength += rest.length;
    overflowed = pendingLength > maxFrameLength;
    return frames;
  };
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    end: () => feed(`${decoder.decode()}\n`),
    overflowed: () => overflowed,
  };
}

function notBlank(line: string): boolean {
  return line.trim() !== "";
}
