import type { Message } from "./message.ts";
import type { CompactionEdit } from "./ports/compact.ts";

/** The edits, of which none leaves out a pinned message: what one would take out is put back in front of its place. */
export function keepPinned(
  messages: readonly Message[],
  edits: readonly CompactionEdit[],
): readonly CompactionEdit[] {
  const kept = new Set(
    edits.flatMap((edit) => edit.with.filter(isPinned).map((message) => JSON.stringify(message))),
  );
  return edits.map((edit) => {
    const lost = messages
      .slice(edit.from, edit.to)
      .filter((message) => isPinned(message) && !kept.has(JSON.stringify(message)));
    return lost.length === 0 ? edit : { ...edit, with: [...lost, ...edit.with] };
  });
}

function isPinned(message: Message): boolean {
  return message.role === "user" && message.pinned === true;
}
