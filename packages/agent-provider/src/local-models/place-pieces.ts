import type { AssistantPart, ModelDelta } from "@claw/agent-core";
import type { HeldDeltas } from "./held-deltas.ts";
import { partDeltas } from "./part-deltas.ts";

/** A reply in which some parts became several, and the rest of its stream. */
export interface Placed {
  readonly content: readonly AssistantPart[];
  readonly deltas: readonly ModelDelta[];
}

/**
 * Puts pieces in the place of the parts that they come from. What has been streamed keeps its index: where a later
 * part has been streamed already, only the first piece stays in place, and the others come behind that part.
 */
export function placePieces(
  parts: readonly AssistantPart[],
  split: ReadonlyMap<number, readonly AssistantPart[]>,
  held: HeldDeltas,
): Placed {
  const { content, places } = layOut(parts, split, held.highest());
  const shown = new Map([...split.keys()].map((index) => [index, held.shown(index)]));
  const deltas: ModelDelta[] = [];
  const pour = (index: number): void => {
    const skip = shown.get(index);
    if (skip === undefined) return;
    shown.delete(index);
    for (const [order, place] of (places[index] ?? []).entries()) {
      for (const delta of partDeltas(content[place], place, order === 0 ? skip : 0)) deltas.push(delta);
    }
  };
  for (const delta of held.release()) {
    if (delta.type === "retry") deltas.push(delta);
    else if (split.has(delta.index)) pour(delta.index);
    else deltas.push({ ...delta, index: places[delta.index]?.[0] ?? delta.index });
  }
  for (const index of [...shown.keys()]) pour(index);
  return { content, deltas };
}

interface Layout {
  readonly content: readonly AssistantPart[];
  /** For each old part, the indices of what it became. */
  readonly places: readonly (readonly number[])[];
}

function layOut(
  parts: readonly AssistantPart[],
  split: ReadonlyMap<number, readonly AssistantPart[]>,
  highest: number,
): Layout {
  const content: AssistantPart[] = [];
  const places: number[][] = parts.map(() => []);
  const put = (piece: AssistantPart, from: number): void => {
    places[from]?.push(content.push(piece) - 1);
  };
  const later: { readonly piece: AssistantPart; readonly from: number }[] = [];
  const putLater = (): void => {
    for (const { piece, from } of later.splice(0)) put(piece, from);
  };
  for (const [from, part] of parts.entries()) {
    const [first = part, ...rest] = split.get(from) ?? [part];
    put(first, from);
    for (const piece of rest) later.push({ piece, from });
    if (from >= highest) putLater();
  }
  putLater();
  return { content, places };
}
