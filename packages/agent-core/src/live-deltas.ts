import type { ContentDelta } from "./event.ts";
import type { RedactedPieces, RedactPieces } from "./ports/redact-pieces.ts";

/** Shows what a model says as it comes, without secrets: they are taken out of the text that the pieces make together. */
export interface LiveDeltas {
  readonly take: (delta: ContentDelta) => void;
  /** The reply is over: shows what was held back. */
  readonly end: () => void;
}

/** One part of a reply at a time is open. */
interface OpenPart {
  readonly index: number;
  readonly type: PieceDelta["type"];
  readonly pieces: RedactedPieces;
}

type PieceDelta = Extract<ContentDelta, { readonly delta: string }>;

export function createLiveDeltas(begin: RedactPieces, show: (delta: ContentDelta) => void): LiveDeltas {
  let open: OpenPart | undefined;

  function end(): void {
    const part = open;
    open = undefined;
    if (part !== undefined) showPiece(part, guarded(part.pieces.end));
  }

  function showPiece({ type, index }: OpenPart, text: string): void {
    if (text !== "") show({ type, index, delta: text });
  }

  return {
    end,
    take: (delta) => {
      if (!("delta" in delta)) {
        end();
        show(delta);
        return;
      }
      const { type, index } = delta;
      if (open?.index !== index || open.type !== type) end();
      open ??= { type, index, pieces: begin() };
      const { pieces } = open;
      showPiece(
        open,
        guarded(() => pieces.push(delta.delta)),
      );
    },
  };
}

/** They are injected functions: what cannot be checked is not shown. The whole is in the reply. */
function guarded(work: () => string): string {
  try {
    const text = work();
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}
