import type { Dialect, ReadContext, TextCall } from "./dialects/dialect.ts";
import { skipBlank } from "./dialects/skip-blank.ts";
import type { DialectName } from "./model-profile.ts";
import { type Found, nextCall, skipTo, textStart } from "./next-call.ts";
import { showsExample } from "./shows-example.ts";

/** A stretch of a reply's text: words, or a call. */
export type Segment =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "call"; readonly call: TextCall; readonly dialect: DialectName };

/**
 * Splits a whole text into words and calls, in order. Blank words between calls are left out; nothing else is lost.
 * Fences count only at the very end of the text, when no other code is shown before them, and not where the words
 * before them announce an example.
 */
export function splitCalls(
  text: string,
  dialects: readonly Dialect[],
  tools: ReadContext["tools"],
  repairs: boolean,
): readonly Segment[] {
  const context: ReadContext = { tools, repairs, final: true, work: { left: 16 * text.length + 10_000 } };
  const segments: Segment[] = [];
  const place = textStart();
  let wordsFrom = 0;
  for (;;) {
    const first = nextCall(text, place, dialects, context);
    if (first === undefined) break;
    const isFence = first.where === "fence";
    const run = isFence ? fencesToTheEnd(text, first, dialects, context) : [first];
    for (const { at, dialect, reading } of run) {
      if (reading.type !== "calls") continue;
      pushWords(segments, text.slice(wordsFrom, at));
      for (const call of reading.calls) segments.push({ type: "call", call, dialect });
      wordsFrom = reading.end;
    }
    skipTo(place, run.length > 0 ? wordsFrom : endOf(first));
    place.fenceSeen ||= isFence;
  }
  pushWords(segments, text.slice(wordsFrom));
  return segments;
}

function pushWords(segments: Segment[], text: string): void {
  if (text.trim() !== "") segments.push({ type: "text", text });
}

/** The fence and those after it, when there is nothing else up to the end; else none. */
function fencesToTheEnd(
  text: string,
  first: Found,
  dialects: readonly Dialect[],
  context: ReadContext,
): readonly Found[] {
  if (showsExample(text.slice(0, first.at))) return [];
  const run = [first];
  for (;;) {
    const at = skipBlank(text, endOf(run.at(-1) ?? first));
    if (at === text.length) return run;
    const place = { ...textStart(), at, alone: false };
    const next = nextCall(text, place, dialects, context);
    if (next?.at !== at || next.where !== "fence") return [];
    run.push(next);
  }
}

function endOf({ at, reading }: Found): number {
  return reading.type === "calls" ? reading.end : at + 1;
}
