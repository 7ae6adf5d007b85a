import { createParser } from "eventsource-parser";
import type { Frame, FrameReader, Framing } from "./framing.ts";

/** Server-sent events, as the HTML standard cuts them. Comments and events without data, or with none but blanks, are no frames. */
export const sseFraming: Framing = { accept: "text/event-stream", wholeWhenJson: true, open };

function open(maxFrameLength: number): FrameReader {
  const decoder = new TextDecoder();
  let frames: Frame[] = [];
  let overflowed = false;
  const parser = createParser({
    maxBufferSize: maxFrameLength,
    onEvent: (event) => {
      if (event.data.trim() === "") return;
      frames.push(event.event === "error" ? { text: event.data, isError: true } : { text: event.data });
    },
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") overflowed = true;
      // Until late in 2025 llama.cpp's server wrote `error: {…}` where `data: {…}` belongs.
      if (error.field === "error") frames.push({ text: error.value ?? "", isError: true });
    },
  });
  const feed = (text: string): readonly Frame[] => {
    if (overflowed) return [];
    frames = [];
    parser.feed(text);
    return frames;
  };
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    end: () => feed(`${decoder.decode()}\n\n`),
    overflowed: () => overflowed,
  };
}
