import type { RegexWorker } from "./regex-worker.ts";
import { type TextEnd, textLines, textPieces } from "./text-lines.ts";

/** Some lines of a file, in order. */
export interface MatchedBatch {
  readonly lines: readonly string[];
  /** Indexes of the lines that match, ascending. */
  readonly hits: readonly number[];
  /** As `rg --count` counts: matches where one can hold a line's end, else lines. */
  readonly count: number;
}

/** Characters of a file that a search across lines can hold. */
const mostCharacters = 16_000_000;

/**
 * Matches a file's text line by line, in bounded memory; or, where a match can hold a line's end, all at once.
 * Rejects as the worker does.
 */
export function matchedBatches(
  bytes: AsyncIterable<Uint8Array>,
  acrossLineEnds: boolean,
  worker: RegexWorker,
): AsyncGenerator<MatchedBatch, TextEnd> {
  return acrossLineEnds ? acrossLines(textPieces(bytes), worker) : byLine(textPieces(bytes), worker);
}

async function* byLine(
  pieces: AsyncGenerator<string, TextEnd>,
  worker: RegexWorker,
): AsyncGenerator<MatchedBatch, TextEnd> {
  const batches = textLines(pieces);
  try {
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) return batch.value;
      const hits = await worker.lines(batch.value);
      yield { lines: batch.value, hits, count: hits.length };
    }
  } finally {
    await pieces.return("text");
  }
}

async function* acrossLines(
  pieces: AsyncGenerator<string, TextEnd>,
  worker: RegexWorker,
): AsyncGenerator<MatchedBatch, TextEnd> {
  let text = "";
  try {
    for (let piece = await pieces.next(); ; piece = await pieces.next()) {
      if (piece.done === true) {
        if (piece.value === "binary") return "binary";
        break;
      }
      text += piece.value;
      if (text.length > mostCharacters) throw new Error("too large to be searched across lines");
    }
  } finally {
    await pieces.return("text");
  }
  const found = await worker.spans(text);
  // After the last line break there is no line, so an empty match there is on none.
  const isOnNoLine = found.at(-2) === text.length && (text === "" || text.endsWith("\n"));
  const spans = isOnNoLine ? found.slice(0, -2) : found;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  yield { lines, hits: linesOf(spans, lines), count: spans.length / 2 };
  return "text";
}

/** The lines that matches touch. The end of a match that takes a line break with it is still on that line. */
function linesOf(spans: readonly number[], lines: readonly string[]): readonly number[] {
  const hits: number[] = [];
  let line = 0;
  let lineEnd = lines[0]?.length ?? 0;
  const advance = (offset: number): void => {
    while (offset > lineEnd && line < lines.length - 1) {
      line += 1;
      lineEnd += 1 + (lines[line]?.length ?? 0);
    }
  };
  const hit = (): void => {
    if (hits.at(-1) !== line) hits.push(line);
  };
  for (let index = 0; index < spans.length; index += 2) {
    const start = spans[index] ?? 0;
    const last = Math.max(start, (spans[index + 1] ?? 0) - 1);
    advance(start);
    hit();
    while (last > lineEnd && line < lines.length - 1) {
      advance(lineEnd + 1);
      hit();
    }
  }
  return hits;
}
