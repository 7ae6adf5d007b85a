import { readToolInput } from "../../read-tool-input.ts";
import type { Dialect, ReadContext, TextCall } from "./dialect.ts";
import { jsonEnd } from "./json-end.ts";
import { literalAt } from "./literal-at.ts";
import { readCallJson } from "./read-call-json.ts";
import { skipBlank } from "./skip-blank.ts";

/**
 * `[TOOL_CALLS]` and then an array of call objects (tokenizers up to v7), or `NAME[ARGS]{…}`, also with `[CALL_ID]ID`
 * or without `[ARGS]`, the marker again before each further call (v11 on).
 * Source: mistralai/mistral-common, instruct tokenizers; the Mistral tool parser of vLLM.
 */
export const mistralMarker: Dialect = {
  name: "mistral-marker",
  first: "[",
  where: "anywhere",
  read: (text, at, context) => {
    const behind = literalAt(text, at, marker);
    if (behind === undefined) return undefined;
    if (!context.final) return { type: "open", until: behind === "open" ? "" : undefined };
    if (behind === "open") return undefined;
    const calls: TextCall[] = [];
    let end = at;
    for (let next: number | "open" | undefined = behind; typeof next === "number"; ) {
      const read = readOne(text, skipBlank(text, next), context);
      if (read === undefined || context.work.left <= 0) return undefined;
      for (const call of read.calls) calls.push(call);
      end = read.end;
      next = literalAt(text, skipBlank(text, end), marker);
    }
    return { type: "calls", calls, end };
  },
};

const marker = "[TOOL_CALLS]";

interface Read {
  readonly calls: readonly TextCall[];
  readonly end: number;
}

function readOne(text: string, at: number, context: ReadContext): Read | undefined {
  return "[{".includes(text.charAt(at)) ? readObjects(text, at, context) : readNamed(text, at, context);
}

function readObjects(text: string, at: number, context: ReadContext): Read | undefined {
  const end = jsonEnd(text, at, context);
  if (end === undefined) return undefined;
  const calls = readCallJson(text.slice(at, end), "strong", context);
  return calls && { calls, end };
}

function readNamed(text: string, at: number, context: ReadContext): Read | undefined {
  const head = /([\w.-]{1,128})\s*(?:\[CALL_ID\]\s*\w{1,64}\s*)?(?:\[ARGS\])?\s*(?=\{)/y;
  head.lastIndex = at;
  const found = head.exec(text);
  const name = found?.[1] ?? "";
  if (found === null || !context.tools.has(name)) return undefined;
  const begin = at + found[0].length;
  const next = text.indexOf(marker, begin);
  const end = jsonEnd(text, begin, context) ?? (next === -1 ? text.length : next);
  const input = readToolInput(text.slice(begin, end).trim(), false);
  if (input.malformed !== undefined && !context.repairs) return undefined;
  return { calls: [{ name, ...input }], end };
}
