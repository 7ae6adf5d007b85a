import type { AssistantPart, ModelDelta } from "@claw/agent-core";
import type { HeldDeltas } from "./held-deltas.ts";

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
  const content: AssistantPart[] = [];
  /** Where each old part begins in the new content, and where the pieces of a split one stand. */
  const moved = new Map<number, number>();
  const places = new Map<number, number[]>();
  const put = (part: AssistantPart, from: number): void => {
    places.set(from, [...(places.get(from) ?? []), content.push(part) - 1]);
  };
  let later: (readonly [part: AssistantPart, from: number])[] = [];
  for (const [index, part] of parts.entries()) {
    const [first = part, ...rest] = split.get(index) ?? [part];
    moved.set(index, content.length);
    put(first, index);
    later.push(...rest.map((piece) => [piece, index] as const));
    if (index < held.highest()) continue;
    for (const [piece, from] of later) put(piece, from);
    later = [];
  }
  for (const [piece, from] of later) put(piece, from);

  const shown = new Map([...split.keys()].map((index) => [index, held.shown(index)]));
  const deltas: ModelDelta[] = [];
  const pour = (index: number): void => {
    const skip = shown.get(index);
    if (skip === undefined) return;
    shown.delete(index);
    for (const [order, place] of (places.get(index) ?? []).entries()) {
      const part = content[place];
      if (part !== undefined) deltas.push(...deltasOf(part, place, order === 0 ? skip : 0));
    }
  };
  for (const delta of held.release()) {
    if (delta.type === "retry") deltas.push(delta);
    else if (split.has(delta.index)) pour(delta.index);
    else deltas.push({ ...delta, index: moved.get(delta.index) ?? delta.index });
  }
  for (const index of [...shown.keys()]) pour(index);
  return { content, deltas };
}

function deltasOf(part: AssistantPart, index: number, skip: number): readonly ModelDelta[] {
  if (part.type === "text") {
    const delta = part.text.slice(skip);
    return delta === "" ? [] : [{ type: "text-delta", index, delta }];
  }
  if (part.type !== "tool-call") return [];
  const input = typeof part.input === "string" ? part.input : JSON.stringify(part.input);
  return [
    { type: "tool-call-start", index, id: part.id, name: part.name },
    { type: "tool-input-delta", index, delta: input },
  ];
}
