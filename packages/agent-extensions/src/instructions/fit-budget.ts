import type { InstructionFile, Instructions } from "./instructions.ts";

/** A file with what its owner makes of it. */
export interface Ranked {
  readonly found: Omit<InstructionFile, "sent">;
  /** Of whoever runs the computer, of the user, or of the project and what is above it. */
  readonly owner: "managed" | "user" | "project";
}

/**
 * Cuts what does not fit into so many bytes. Managed files are served first, then the user's own that fit into half of what is
 * left, so that no repository can take their room, then the nearest. The one that is reached by the end of the budget is cut
 * at the end of a line and says so; what has no room at all is named.
 */
export function fitBudget(files: readonly Ranked[], maxBytes: number): Instructions {
  const sent = new Map<Ranked, InstructionFile>();
  let left = maxBytes;
  const serve = (ranked: Ranked, room: number, cuts: boolean): void => {
    const { found } = ranked;
    if (sent.has(ranked)) return;
    const text = found.bytes <= room ? found.text : cuts ? cut(found, room) : undefined;
    if (text === undefined) return;
    const bytes = byteLength(text);
    left = Math.max(0, left - bytes);
    sent.set(ranked, { ...found, text, sent: Math.min(bytes, found.bytes) });
  };
  const of = (owner: Ranked["owner"]): readonly Ranked[] => files.filter((ranked) => ranked.owner === owner);
  for (const ranked of of("managed")) serve(ranked, left, true);
  const kept = left / 2;
  for (const ranked of of("user").toReversed()) serve(ranked, left - kept, false);
  for (const ranked of files.toReversed()) serve(ranked, left, true);
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
