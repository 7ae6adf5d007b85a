import type { GrepEnd, GrepRecord } from "./grep-query.ts";

/** A stretch of what a search found. */
export interface GrepPage {
  readonly records: readonly GrepRecord[];
  /** Records on the page, gaps not counted. */
  readonly taken: number;
  /** How the search ended; absent when it was stopped because there was more than the page holds. */
  readonly end?: GrepEnd;
}

/** The next character of a result that the model sees ends here, whatever the limit. */
const mostCharacters = 1_000_000;

/** Takes `limit` records after the first `offset`, then stops the search. Gaps at the page's edges are left out. */
export async function grepPage(
  found: AsyncGenerator<GrepRecord, GrepEnd>,
  offset: number,
  limit: number,
): Promise<GrepPage> {
  const records: GrepRecord[] = [];
  let seen = 0;
  let characters = 0;
  for (;;) {
    const next = await found.next();
    const taken = Math.max(0, seen - offset);
    if (next.done === true) return { records, taken, end: next.value };
    const record = next.value;
    if (record.type === "gap") {
      if (taken > 0 && taken < limit) records.push(record);
      continue;
    }
    if (taken >= limit || characters > mostCharacters) {
      await found.return({ type: "done", notes: [] });
      return { records: records.at(-1)?.type === "gap" ? records.slice(0, -1) : records, taken };
    }
    seen += 1;
    if (seen <= offset) continue;
    characters += record.type === "line" ? record.text.length + record.path.length : record.path.length;
    records.push(record);
  }
}
