import type { CompactionEdit, Message } from "@claw/agent-core";

/** The edits that make `before` into `after`. Messages that stay are the same objects in the same order. */
export function planBetween(
  before: readonly Message[],
  after: readonly Message[],
): readonly CompactionEdit[] {
  const places = new Map(before.map((message, index) => [message, index]));
  const edits: CompactionEdit[] = [];
  let from = 0;
  let made: Message[] = [];
  const close = (to: number): void => {
    if (to > from || made.length > 0) edits.push({ from, to, with: made });
    made = [];
  };
  for (const message of after) {
    const place = places.get(message);
    if (place === undefined || place < from) {
      made.push(message);
      continue;
    }
    close(place);
    from = place + 1;
  }
  close(before.length);
  return edits;
}
