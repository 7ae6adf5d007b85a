import type { RedactedPieces } from "@claw/agent-core";
import type { RedactedStream } from "./redacted-stream.ts";

/** The same for text: pieces of it are cut between any two units of UTF-16. */
export function redactedPieces(stream: RedactedStream): RedactedPieces {
  /** Made for the first piece that does not end with a sign of ASCII: it may end within a character. */
  let remembering: InstanceType<typeof TextDecoder> | undefined;
  let half = "";

  function decoded(bytes: Uint8Array): string {
    if (remembering === undefined && (bytes.at(-1) ?? 0) < 0x80) return whole.decode(bytes);
    remembering ??= newDecoder();
    return remembering.decode(bytes, { stream: true });
  }

  return {
    push: (piece) => {
      const text = half + piece;
      half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : "";
      return decoded(stream.push(encoder.encode(half === "" ? text : text.slice(0, -1))));
    },
    end: () => {
      const rest = half === "" ? "" : decoded(stream.push(encoder.encode(half)));
      half = "";
      return rest + (remembering ?? whole).decode(stream.end());
    },
  };
}

function newDecoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder("utf-8", { ignoreBOM: true });
}

const encoder = new TextEncoder();
/** One for all: making one that remembers takes longer than all that it decodes in most replies. */
const whole = newDecoder();
