import type { InstructionFile, Instructions } from "./instructions.ts";

/** A file with the share of the budget that it may claim before others. */
export interface Ranked {
  readonly found: Omit<InstructionFile, "sent">;
  /** Managed files come before all others. */
  readonly first: boolean;
}

/**
 * Cuts what does not fit into so many bytes: the nearest file is served first, and the one that is reached by the end of the
 * budget is cut at the end of a line and says so. What has no room at all is named.
 */
export function fitBudget(files: readonly Ranked[], maxBytes: number): Instructions {
  const sent = new Map<Ranked, InstructionFile>();
  let left = maxBytes;
  const order = [...files.filter(({ first }) => first), ...files.filter(({ first }) => !first).toReversed()];
  for (const ranked of order) {
    const { found } = ranked;
    const text = found.bytes <= left ? found.text : cut(found, left);
    if (text === undefined) continue;
    const bytes = byteLength(text);
    left = Math.max(0, left - bytes);
    sent.set(ranked, { ...found, text, sent: Math.min(bytes, found.bytes) });
  }
  return {
    files: files.flatMap((ranked) => sent.get(ranked) ?? []),
    skipped: files
      .filter((ranked) => !sent.has(ranked))
      .map(({ found }) => ({
        file: found.file,
        reason: `its ${found.bytes} bytes have no room in the budget of ${maxBytes} bytes`,
      })),
  };
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** `undefined`: there is no room for anything that would help. */
function cut({ text, bytes, file }: Ranked["found"], room: number): string | undefined {
  const note = (shown: number): string =>
    `[Cut: ${shown} of ${bytes} bytes are shown. The rest stands in ${file}.]`;
  const most = room - byteLength(note(bytes)) - 1;
  if (most < 200) return undefined;
  const head = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, most)).replace(/\uFFFD$/, "");
  const end = head.lastIndexOf("\n");
  const shown = end > most / 2 ? head.slice(0, end) : head;
  return `${shown}\n${note(byteLength(shown))}`;
}
