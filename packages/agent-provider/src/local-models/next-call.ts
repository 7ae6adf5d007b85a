import type { Dialect, ReadContext, Reading } from "./dialects/dialect.ts";
import type { DialectName } from "./model-profile.ts";

/** How far a text has been looked through, and what is known of the place. Changes as one goes on. */
export interface Place {
  at: number;
  /** Inside of a code fence. */
  fenced: boolean;
  /** Inside of code in a line: an odd number of backticks came before on it. */
  ticked: boolean;
  /** Nothing but blanks came before on this line. */
  lineBlank: boolean;
  /** Nothing but blanks came before at all. */
  alone: boolean;
}

export interface Found {
  readonly at: number;
  readonly dialect: DialectName;
  readonly where: Dialect["where"];
  readonly reading: Reading;
}

export function textStart(): Place {
  return { at: 0, fenced: false, ticked: false, lineBlank: true, alone: true };
}

/**
 * The next place at which a call stands or may begin, from `place` on; `place` is moved there. `undefined`: there is
 * none, and `place` is at the end. What is shown as code, in a fence or between backticks, is no call: a fence is one
 * only where the dialect is fences, and then as a whole.
 */
export function nextCall(
  text: string,
  place: Place,
  dialects: readonly Dialect[],
  context: ReadContext,
): Found | undefined {
  while (place.at < text.length) {
    const fence = fenceAt(text, place);
    if (fence === undefined) {
      const found = dialectAt(text, place, dialects, context);
      if (found !== undefined) return found;
      advance(text, place);
    } else {
      const found = place.fenced ? undefined : dialectAt(text, place, dialects, context);
      if (found !== undefined) return found;
      place.fenced = !place.fenced;
      while (place.at < fence) advance(text, place);
      place.ticked = false;
    }
  }
  return undefined;
}

/** The end of three or more backticks or tildes that open a line. */
function fenceAt(text: string, place: Place): number | undefined {
  const mark = text.charAt(place.at);
  if (!place.lineBlank || (mark !== "`" && mark !== "~")) return undefined;
  let end = place.at;
  while (text.charAt(end) === mark) end++;
  return end - place.at >= 3 ? end : undefined;
}

function dialectAt(
  text: string,
  place: Place,
  dialects: readonly Dialect[],
  context: ReadContext,
): Found | undefined {
  if (place.fenced || place.ticked) return undefined;
  const char = text.charAt(place.at);
  for (const { name, first, where, read } of dialects) {
    if (!first.includes(char)) continue;
    if ((where === "alone" && !place.alone) || (where === "fence" && !place.lineBlank)) continue;
    const reading = read(text, place.at, context);
    if (reading !== undefined) return { at: place.at, dialect: name, where, reading };
  }
  return undefined;
}

/** One character on. */
function advance(text: string, place: Place): void {
  const char = text.charAt(place.at);
  place.at += 1;
  if (char === "\n") {
    place.ticked = false;
    place.lineBlank = true;
  } else if (char !== " " && char !== "\t" && char !== "\r") {
    if (char === "`" && !place.fenced) place.ticked = !place.ticked;
    place.lineBlank = false;
    place.alone = false;
  }
}

/** Goes on behind a call. */
export function skipTo(place: Place, at: number): void {
  Object.assign(place, { at, ticked: false, lineBlank: false, alone: false });
}
