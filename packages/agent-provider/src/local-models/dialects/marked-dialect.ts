import type { DialectName } from "../model-profile.ts";
import { type Dialect, open, type ReadContext, type TextCall } from "./dialect.ts";
import { anyLiteralAt, literalAt } from "./literal-at.ts";
import { skipBlank } from "./skip-blank.ts";

/** Markers that are tokens of their own to a model: nobody writes them by chance. */
export interface CallMarkers {
  readonly call: string;
  /** Around a run of calls; may be missing. */
  readonly sectionBegin: string;
  readonly sectionEnd: string;
}

/** Reads one call behind its marker. */
export type ReadMarkedCall = (
  text: string,
  at: number,
  context: ReadContext,
) => { readonly call: TextCall; readonly end: number } | undefined;

/** A form in which each call stands behind a marker, one or several, in markers of a section or not. */
export function markedDialect(name: DialectName, markers: CallMarkers, readCall: ReadMarkedCall): Dialect {
  const { call, sectionBegin, sectionEnd } = markers;
  return {
    name,
    first: call.charAt(0),
    where: "anywhere",
    read: (text, at, context) => {
      const begins = anyLiteralAt(text, at, [sectionBegin, call]);
      if (begins === undefined) return undefined;
      if (begins === "open") return open(context, "");
      if (!context.final) return { type: "open", until: undefined };
      const section = literalAt(text, at, sectionBegin);
      let next = typeof section === "number" ? skipBlank(text, section) : at;
      let end = at;
      const calls: TextCall[] = [];
      while (text.startsWith(call, next)) {
        const read = context.work.left > 0 ? readCall(text, next + call.length, context) : undefined;
        if (read === undefined) return undefined;
        calls.push(read.call);
        end = read.end;
        next = skipBlank(text, end);
      }
      if (calls.length === 0) return undefined;
      const closed = literalAt(text, next, sectionEnd);
      return { type: "calls", calls, end: typeof closed === "number" ? closed : end };
    },
  };
}
