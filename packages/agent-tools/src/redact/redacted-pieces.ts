import type { RedactedPieces } from "@claw/agent-core";
import type { RedactedStream } from "./redacted-stream.ts";

/** The same for text: pieces of it are cut between any two units of UTF-16. */
export function redactedPieces(stream: RedactedStream): RedactedPieces {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let half = "";
  return {
    push: (piece) => {
      const text = half + piece;
      half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : "";
      return decoder.decode(stream.push(encoder.encode(half === "" ? text : text.slice(0, -1))), {
        stream: true,
      });
    },
    end: () => {
      const rest = half === "" ? "" : decoder.decode(stream.push(encoder.encode(half)), { stream: true });
      half = "";
      return rest + decoder.decode(stream.end());
    },
  };
}
