import type { Dialect, ReadContext, Reading } from "./dialects/dialect.ts";
import type { DialectName } from "./model-profile.ts";

/** How far a text has been looked through, and what is known of the place. Changes as one goes on. */
export interface Place {
  at: number;
  /** The marks that opened the code fence that this is in; empty outside of one. */
  fence: string;
  /** Inside of code in a line: an odd number of backticks came before on it. */
  ticked: boolean;
  /** Nothing but blanks came before on this line. */
  lineBlank: boolean;
  /** Nothing but blanks came before at all. */
  alone: boolean;
  /** A code fence came before: whoever shows code may show another piece. */
  fenceSeen: boolean;
}

export interface Found {
  readonly at: number;
  readonly dialect: DialectName;
  readonly where: Dialect["where"];
  readonly reading: Reading;
}

export function textStart(): Place {
  return { at: 0, fence: "", ticked: false, lineBlank: true, alone: true, fenceSeen: false };
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
    const marks = fenceMarks(text, place);
    const found = dialectAt(text, place, dialects, context);
    if (found !== undefined) return found;
    if (marks === "") {
      advance(text, place);
    } else {
      skipTo(place, place.at + marks.length);
      place.fenceSeen = true;
      if (place.fence === "") place.fence = marks;
      else if (marks.startsWith(place.fence)) place.fence = "";
    }
  }
  return undefined;
}

/** Three or more backticks or tildes that open a line. */
function fenceMarks(text: string, place: Place): string {
  const mark = text.charAt(place.at);
  if (!place.lineBlank || (mark !== "`" && mark !== "~")) return "";
  let end = place.at;
  while (text.charAt(end) === mark) end++;
  return end - place.at >= 3 ? text.slice(place.at, end) : "";
}

function dialectAt(
  text: string,
  place: Place,
  dialects: readonly Dialect[],
  context: ReadContext,
): Found | undefined {
  if (place.fence !== "" || place.ticked || context.work.left <= 0) return undefined;
  const char = text.charAt(place.at);
  for (const { name, first, where, read } of dialects) {
    if (!first.includes(char)) continue;
    if ((where === "alone" && !place.alone) || (where === "fence" && (!place.lineBlank || place.fenceSeen)))
      continue;
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
    if (char === "`" && place.fence === "") place.ticked = !place.ticked;
    place.lineBlank = false;
    place.alone = false;
  }
}

/** Goes on behind a call, or behind the marks of a fence. */
export function skipTo(place: Place, at: number): void {
  Object.assign(place, { at, ticked: false, lineBlank: false, alone: false });
}
